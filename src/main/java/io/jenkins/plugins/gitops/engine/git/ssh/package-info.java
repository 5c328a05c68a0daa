/** SSH: keys from memory, host keys by known_hosts lines, connections by JGit's Apache MINA client; signing. */
package io.jenkins.plugins.gitops.engine.git.ssh;
