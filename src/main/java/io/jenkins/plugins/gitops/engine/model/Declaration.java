package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;

/**
 * What {@code gitops.yaml} in the root of a config repository says: every application, its images and its environments.
 *
 * @param applications by name, in file order, unmodifiable
 */
public record Declaration(@NonNull Map<String, Application> applications) {

    /** Where the declaration lives in the config repository. */
    public static final String FILE = "gitops.yaml";

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    @NonNull
    public Application application(@NonNull String name) {
        return UnknownNameException.require(applications, name, "application", FILE);
    }

    /** The target an application and an environment name together. */
    @NonNull
    public Target target(@NonNull String application, @NonNull String environment) {
        Application found = application(application);
        return new Target(found, found.environment(environment));
    }
}
