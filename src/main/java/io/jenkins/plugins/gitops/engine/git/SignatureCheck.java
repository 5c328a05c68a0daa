package io.jenkins.plugins.gitops.engine.git;

import java.util.Optional;

/** Tells which commits bear the signature of somebody whose word counts. */
@FunctionalInterface
public interface SignatureCheck {

    /** What is known of a commit's signature. */
    enum Result {
        /** Nobody asks for signatures in this repository. */
        UNCHECKED,
        /** By a key that is trusted. */
        VERIFIED,
        /** By another key, or not of this content. */
        UNVERIFIED,
        UNSIGNED;

        /** Whether what the commit says of approvals and outcomes counts. */
        public boolean isTrusted() {
            return this == UNCHECKED || this == VERIFIED;
        }
    }

    /**
     * Checks one commit; never throws.
     *
     * @param commit its id
     * @param content without the signature
     * @param signature as the commit has it; empty when it has none
     */
    Result check(String commit, byte[] content, Optional<String> signature);
}
