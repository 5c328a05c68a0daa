package io.jenkins.plugins.gitops.engine.argocd;

import java.util.Optional;

/** The files of the config repository at one revision. */
@FunctionalInterface
public interface ConfigTree {

    /** The text of a file, if it is there. */
    Optional<String> read(String path);
}
