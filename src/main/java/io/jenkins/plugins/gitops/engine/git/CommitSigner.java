package io.jenkins.plugins.gitops.engine.git;

/** Signs commits with a key the caller holds. */
@FunctionalInterface
public interface CommitSigner {

    /**
     * Signs a commit's content without signature.
     *
     * @return armoured text for the {@code gpgsig} header, lines ended by {@code \n}
     * @throws RepositoryException if the key cannot sign
     */
    String sign(byte[] commit);
}
