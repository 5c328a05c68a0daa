package io.jenkins.plugins.gitops.engine.model;

import java.util.Map;

/**
 * What {@code gitops.yaml} in the root of a config repository says: every application, its images and its environments.
 *
 * @param applications by name, in file order, unmodifiable
 */
public record Declaration(Map<String, Application> applications) {

    /** Where the declaration lives in the config repository. */
    public static final String FILE = "gitops.yaml";

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    public Application application(String name) {
        return UnknownNameException.require(applications, name, "application", FILE);
    }

    /** The target an application and an environment name together. */
    public Target target(String application, String environment) {
        Application found = application(application);
        return new Target(found, found.environment(environment));
    }
}
