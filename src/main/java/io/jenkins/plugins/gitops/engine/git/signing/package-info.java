/** OpenPGP: signs commits as {@code gpg} does, with a key from memory; Bouncy Castle does the arithmetic. */
package io.jenkins.plugins.gitops.engine.git.signing;
