package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.IOException;

/** A pack that would take memory without bound; the message is a clause about it. */
public final class RefusedPackException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedPackException(String why) {
        super(why);
    }
}
