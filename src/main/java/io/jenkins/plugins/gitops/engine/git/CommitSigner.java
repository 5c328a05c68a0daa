package io.jenkins.plugins.gitops.engine.git;

/** Signs commits with a key the caller holds. */
public interface CommitSigner {

    /**
     * Signs a commit's content without signature.
     *
     * @return armoured text for the {@code gpgsig} header, lines ended by {@code \n}
     * @throws RepositoryException if the key cannot sign
     */
    String sign(byte[] commit);

    /** The key's public part, as {@link SignatureCheck}s are configured with it. */
    String publicKey();
}
