package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A pull request that this controller waits for, for people to see. It is looked at once a minute or more often; one that
 * has not been looked at for longer is dropped.
 *
 * @param environments that it changes
 * @param url where people read it; http or https
 * @param waitsFor a clause: what it waits for
 */
public record OpenDelivery(String application, List<String> environments, String url, String waitsFor) {

    private static final Cache<List<String>, OpenDelivery> OPEN = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterWrite(Duration.ofMinutes(3))
            .build();

    /**
     * Those of a config repository, by application and environment.
     *
     * @param repository its address
     */
    public static List<OpenDelivery> of(String repository) {
        return OPEN.asMap().entrySet().stream()
                .filter(entry -> entry.getKey().get(0).equals(repository))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparing(OpenDelivery::application)
                        .thenComparing(open -> String.join(",", open.environments()))
                        .thenComparing(OpenDelivery::url))
                .toList();
    }

    /** @param place {@code application/environment}, or {@code application/one+other} */
    static void waits(String repository, String place, String url, String waitsFor) {
        int slash = place.indexOf('/');
        if (url.matches("https?://\\S+")) {
            OPEN.put(
                    List.of(repository, url),
                    new OpenDelivery(
                            place.substring(0, slash),
                            Arrays.asList(place.substring(slash + 1).split("\\+")),
                            url,
                            waitsFor));
        }
    }

    /** Nobody waits for it any more. */
    static void ended(String repository, String url) {
        OPEN.invalidate(List.of(repository, url));
    }
}
