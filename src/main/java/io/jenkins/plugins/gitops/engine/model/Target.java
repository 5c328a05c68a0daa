package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/** One application in one environment. */
public record Target(
        @NonNull Application application, @NonNull Environment environment) {

    /** As the log and the pages write it: {@code shop/prod}. */
    @Override
    public String toString() {
        return application.name() + "/" + environment.name();
    }
}
