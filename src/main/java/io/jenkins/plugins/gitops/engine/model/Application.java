package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;

/**
 * A deployable.
 *
 * @param images image name to {@code registry/repository}, in file order, unmodifiable
 * @param environments by name, in file order, unmodifiable; {@link Environment#after()} orders them for promotion
 */
public record Application(
        @NonNull String name,
        @NonNull Map<String, String> images,
        @NonNull Map<String, Environment> environments) {

    /** @throws UnknownNameException if there is none, suggesting the nearest name */
    @NonNull
    public Environment environment(@NonNull String environment) {
        return UnknownNameException.require(
                environments, environment, "environment", "application '" + name + "' in " + Declaration.FILE);
    }
}
