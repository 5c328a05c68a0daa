package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Map;

/**
 * A deployable.
 *
 * @param images image name to {@code registry/repository}, in file order, unmodifiable
 * @param jobs the jobs that may change it, by full name; empty for every job that may use the config repository
 * @param environments by name, in file order, unmodifiable; {@link Environment#after()} orders them for promotion
 */
public record Application(
        @NonNull String name,
        @NonNull Map<String, String> images,
        @NonNull List<Glob> jobs,
        @NonNull Map<String, Environment> environments) {

    /** One that every job may change. */
    public Application(
            @NonNull String name, @NonNull Map<String, String> images, @NonNull Map<String, Environment> environments) {
        this(name, images, List.of(), environments);
    }

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    @NonNull
    public Environment environment(@NonNull String environment) {
        return UnknownNameException.require(
                environments, environment, "environment", "application '" + name + "' in " + Declaration.FILE);
    }
}
