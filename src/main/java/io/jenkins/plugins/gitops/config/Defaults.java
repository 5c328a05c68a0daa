package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What holds for an item where nothing is said: of each, what the nearest place says that says anything.
 *
 * @param signingKeyId credentials
 * @param syncTimeout how long a commit may take to be live
 */
public record Defaults(
        @NonNull Optional<String> authorName,
        @NonNull Optional<String> authorEmail,
        @NonNull Optional<String> signingKeyId,
        @NonNull Optional<Duration> syncTimeout) {

    /** @param places the nearest first */
    @NonNull
    static Defaults of(@NonNull List<ConfiguredDefaults> places) {
        return new Defaults(
                first(places, ConfiguredDefaults::getAuthorName),
                first(places, ConfiguredDefaults::getAuthorEmail),
                first(places, ConfiguredDefaults::getSigningKeyId),
                places.stream()
                        .map(ConfiguredDefaults::getSyncTimeoutMinutes)
                        .filter(minutes -> minutes > 0)
                        .map(Duration::ofMinutes)
                        .findFirst());
    }

    private static Optional<String> first(List<ConfiguredDefaults> places, Function<ConfiguredDefaults, String> what) {
        return places.stream().map(what).filter(Objects::nonNull).findFirst();
    }
}
