package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A deployable.
 *
 * @param images image name to {@code registry/repository}, in file order, unmodifiable
 * @param versions what else moves with them, by name, in file order, unmodifiable; no name is an image's, too
 * @param jobs the jobs that may change it, by full name; empty for every job that may use the config repository
 * @param carries what a promotion takes along besides them, or null for nothing
 * @param environments by name, in file order, unmodifiable; {@link Environment#after()} orders them for promotion
 */
public record Application(
        String name,
        Map<String, String> images,
        Map<String, VersionSource> versions,
        List<Glob> jobs,
        @CheckForNull Carries carries,
        Map<String, Environment> environments) {

    /** One that every job may change. */
    public Application(String name, Map<String, String> images, Map<String, Environment> environments) {
        this(name, images, Map.of(), List.of(), null, environments);
    }

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    public Environment environment(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> new UnknownNameException(
                        environment,
                        "environment",
                        "application '" + name + "' in " + Declaration.FILE,
                        environments.keySet()));
    }
}
