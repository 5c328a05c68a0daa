package io.jenkins.plugins.gitops.engine.model;

/** One application in one environment. */
public record Target(Application application, Environment environment) {

    /** As the log and the pages write it: {@code shop/prod}. */
    @Override
    public String toString() {
        return application.name() + "/" + environment.name();
    }
}
