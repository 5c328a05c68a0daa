package io.jenkins.plugins.gitops.engine.git;

import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * How config repositories are reached and kept.
 *
 * @param limits of one operation
 * @param cache bounds of the cache directory
 * @param timeouts of connections
 * @param http builds the HTTP clients; knows proxies and certificates
 * @param clock dates commits; durations are measured elsewhere, so it may jump
 * @param random spreads retries
 */
public record RepositorySettings(
        Limits limits,
        CacheBounds cache,
        Timeouts timeouts,
        HttpClients http,
        InstantSource clock,
        RandomGenerator random) {

    public static final RepositorySettings DEFAULT = new RepositorySettings(
            new Limits(50, Duration.ofMinutes(10), 10 << 20, 16 << 20),
            new CacheBounds(2L << 30, Duration.ofDays(14), 3000),
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(120)),
            HttpClients.DEFAULT,
            InstantSource.system(),
            RandomGenerator.getDefault());

    /**
     * Where an operation gives up.
     *
     * @param attempts connections tried
     * @param time for all of them, from the request's turn on: what came before it on the same branch has its own
     * @param file size of a file that is read or replaced, in bytes
     * @param directory size of a directory's listing, in bytes; an entry takes about 30 and its name
     */
    public record Limits(int attempts, Duration time, int file, int directory) {
        public Limits {
            if (attempts < 1 || time.isNegative() || time.isZero() || file < 1 || directory < 1) {
                throw new IllegalArgumentException("Limits are above zero");
            }
        }
    }

    /**
     * What the caches may take.
     *
     * @param bytes of all caches together, and of one before it is created again
     * @param age since a cache was last taken into use
     * @param files of objects in one cache before it is created again
     */
    public record CacheBounds(long bytes, Duration age, int files) {
        public CacheBounds {
            if (bytes < 1 || age.isNegative() || files < 1) {
                throw new IllegalArgumentException("Bounds of caches are above zero");
            }
        }
    }

    /**
     * How long a server is waited for.
     *
     * @param connect until a connection stands
     * @param idle without a byte, from a server that may be running hooks
     * @param total from a request to the last byte of its answer
     */
    public record Timeouts(Duration connect, Duration idle, Duration total) {

        public Timeouts {
            if (connect.isNegative() || connect.isZero() || idle.isNegative() || idle.isZero() || total.isNegative()) {
                throw new IllegalArgumentException("Timeouts are longer than zero");
            }
        }

        /** With ten minutes for a whole answer. */
        public Timeouts(Duration connect, Duration idle) {
            this(connect, idle, Duration.ofMinutes(10));
        }
    }

    public RepositorySettings with(Limits other) {
        return new RepositorySettings(other, cache, timeouts, http, clock, random);
    }

    public RepositorySettings with(CacheBounds other) {
        return new RepositorySettings(limits, other, timeouts, http, clock, random);
    }

    public RepositorySettings with(Timeouts other) {
        return new RepositorySettings(limits, cache, other, http, clock, random);
    }

    public RepositorySettings with(HttpClients other) {
        return new RepositorySettings(limits, cache, timeouts, other, clock, random);
    }

    public RepositorySettings with(InstantSource other) {
        return new RepositorySettings(limits, cache, timeouts, http, other, random);
    }

    public RepositorySettings with(RandomGenerator other) {
        return new RepositorySettings(limits, cache, timeouts, http, clock, other);
    }
}
