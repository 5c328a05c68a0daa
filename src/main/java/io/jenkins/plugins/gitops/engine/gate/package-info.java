/**
 * The gate before a promotion, or on its own: its events and what they add up to, the rules of who decides what, the
 * checks' answers, and the desk where open gates are kept.
 */
package io.jenkins.plugins.gitops.engine.gate;
