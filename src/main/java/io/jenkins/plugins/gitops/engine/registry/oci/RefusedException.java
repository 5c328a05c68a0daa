package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;

/** The registry answered, and said no. */
final class RefusedException extends RegistryException {

    private static final long serialVersionUID = 1L;

    RefusedException(@NonNull String sentence) {
        super(sentence);
    }
}
