package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.transport.Timeouts;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How config repositories are reached and kept.
 *
 * @param limits of one operation
 * @param cache bounds of the cache directory
 * @param timeouts of connections
 * @param http makes the HTTP client; knows proxies and certificates. Its redirects are not used
 * @param proxyAuthorization value of the header that its proxy wants, if any; asked for at each request
 * @param clock dates commits; durations are measured elsewhere, so it may jump
 * @param random spreads retries
 * @param local whether repositories on this machine's disk may be opened
 */
public record RepositorySettings(
        @NonNull Limits limits,
        @NonNull CacheBounds cache,
        @NonNull Timeouts timeouts,
        @NonNull Supplier<HttpClient.Builder> http,
        @NonNull Supplier<Optional<String>> proxyAuthorization,
        @NonNull InstantSource clock,
        @NonNull RandomGenerator random,
        @NonNull Local local) {

    public static final RepositorySettings DEFAULT = new RepositorySettings(
            new Limits(50, Duration.ofMinutes(10), 10 << 20, 16 << 20),
            new CacheBounds(2L << 30, Duration.ofDays(14), 3000),
            Timeouts.DEFAULT,
            HttpClient::newBuilder,
            Optional::empty,
            InstantSource.system(),
            RandomGenerator.getDefault(),
            Local.REFUSED);

    /**
     * Addresses that begin with {@code file:}. In a controller they would let whoever writes a Pipeline read and change
     * what the controller alone may: they are for tests.
     */
    public enum Local {
        REFUSED,
        ALLOWED
    }

    /**
     * Where an operation gives up.
     *
     * @param attempts connections tried
     * @param time for all of them, from the request's turn on: what came before it on the same branch has its own
     * @param file size of a file that is read or replaced, in bytes
     * @param directory size of a directory's listing, in bytes; an entry takes about 30 and its name
     */
    public record Limits(int attempts, @NonNull Duration time, int file, int directory) {
        public Limits {
            if (attempts < 1 || time.isNegative() || time.isZero() || file < 1 || directory < 1) {
                throw new IllegalArgumentException("Limits are above zero");
            }
        }
    }

    /**
     * What the caches may take.
     *
     * @param bytes of all caches together, and of one before it is made anew
     * @param age since a cache was last taken into use
     * @param files of objects in one cache before it is made anew
     */
    public record CacheBounds(long bytes, @NonNull Duration age, int files) {
        public CacheBounds {
            if (bytes < 1 || age.isNegative() || files < 1) {
                throw new IllegalArgumentException("Bounds of caches are above zero");
            }
        }
    }

    @NonNull
    public RepositorySettings with(@NonNull Limits other) {
        return new RepositorySettings(other, cache, timeouts, http, proxyAuthorization, clock, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull CacheBounds other) {
        return new RepositorySettings(limits, other, timeouts, http, proxyAuthorization, clock, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull Timeouts other) {
        return new RepositorySettings(limits, cache, other, http, proxyAuthorization, clock, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull Supplier<HttpClient.Builder> other) {
        return new RepositorySettings(limits, cache, timeouts, other, proxyAuthorization, clock, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull InstantSource other) {
        return new RepositorySettings(limits, cache, timeouts, http, proxyAuthorization, other, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull RandomGenerator other) {
        return new RepositorySettings(limits, cache, timeouts, http, proxyAuthorization, clock, other, local);
    }

    @NonNull
    public RepositorySettings withProxyAuthorization(@NonNull Supplier<Optional<String>> other) {
        return new RepositorySettings(limits, cache, timeouts, http, other, clock, random, local);
    }

    @NonNull
    public RepositorySettings with(@NonNull Local other) {
        return new RepositorySettings(limits, cache, timeouts, http, proxyAuthorization, clock, random, other);
    }
}
