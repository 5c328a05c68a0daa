package io.jenkins.plugins.gitops.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code gitops.yaml} in the root of a config repository says: every application, its images and its environments.
 *
 * @param applications by name, in file order, unmodifiable
 * @param freezes for many targets at once, in file order
 */
public record Declaration(Map<String, Application> applications, List<NamedFreeze> freezes) {

    /** Where the declaration lives in the config repository. */
    public static final String FILE = "gitops.yaml";

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    public Application application(String name) {
        return Optional.ofNullable(applications.get(name))
                .orElseThrow(() -> new UnknownNameException(name, "application", FILE, applications.keySet()));
    }

    /** The target an application and an environment name together. */
    public Target target(String application, String environment) {
        Application found = application(application);
        return new Target(found, found.environment(environment));
    }

    /** All targets, in the order in which they are declared. */
    public Stream<Target> targets() {
        return applications.values().stream()
                .flatMap(application -> application.environments().values().stream()
                        .map(environment -> new Target(application, environment)));
    }

    /** The freezes that hold for a target besides what its gate says. */
    public Stream<NamedFreeze> freezes(String application, String environment) {
        return freezes.stream().filter(freeze -> freeze.covers(application, environment));
    }
}
