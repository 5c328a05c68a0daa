/**
 * Git objects: the bare cache on disk, the objects an edit makes in memory, trees edited along a path, and the pack that
 * carries them.
 */
package io.jenkins.plugins.gitops.engine.git.cache;
