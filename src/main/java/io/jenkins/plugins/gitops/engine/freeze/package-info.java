/**
 * When promotions are allowed: windows in local time, and what they mean on days on which clocks change.
 *
 * <p>A local time that a clock change skips stands for the moment of the change. One that comes twice stands for its
 * first occurrence as a beginning and for its second as an end, so that a window is never shorter than it says.
 */
package io.jenkins.plugins.gitops.engine.freeze;
