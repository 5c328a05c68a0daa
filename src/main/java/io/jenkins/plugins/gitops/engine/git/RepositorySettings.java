package io.jenkins.plugins.gitops.engine.git;

import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * How config repositories are reached and kept.
 *
 * @param limits of one operation
 * @param cacheBytes what all caches together may take, and one before it is created again
 * @param cacheAge caches not taken into use for so long go
 * @param cacheFiles of objects in one cache before it is created again
 * @param answers how long a server is waited for, which may be running hooks; in size each answer has its own bound
 * @param http builds the HTTP clients; knows proxies, certificates, and how long to wait for a connection, SSH's too
 * @param clock dates commits; durations are measured elsewhere, so it may jump
 * @param random spreads retries
 */
public record RepositorySettings(
        OperationLimits limits,
        long cacheBytes,
        Duration cacheAge,
        int cacheFiles,
        BodyLimits answers,
        HttpClients http,
        InstantSource clock,
        RandomGenerator random) {

    public static final RepositorySettings DEFAULT = new RepositorySettings(
            new OperationLimits(50, Duration.ofMinutes(10), 10 << 20, 16 << 20),
            2L << 30,
            Duration.ofDays(14),
            3000,
            new BodyLimits(Long.MAX_VALUE, Duration.ofSeconds(120), Duration.ofMinutes(10)),
            HttpClients.DEFAULT.connectingWithin(Duration.ofSeconds(20)),
            InstantSource.system(),
            RandomGenerator.getDefault());

    public RepositorySettings {
        if (cacheBytes < 1 || cacheAge.isNegative() || cacheFiles < 1) {
            throw new IllegalArgumentException("Bounds of caches are above zero");
        }
    }

    /**
     * Where an operation gives up.
     *
     * @param attempts connections tried
     * @param time for all of them, from the request's turn on: what came before it on the same branch has its own
     * @param file size of a file that is read or replaced, in bytes
     * @param directory size of a directory's listing, in bytes; an entry takes about 30 and its name
     */
    public record OperationLimits(int attempts, Duration time, int file, int directory) {
        public OperationLimits {
            if (attempts < 1 || time.isNegative() || time.isZero() || file < 1 || directory < 1) {
                throw new IllegalArgumentException("Limits are above zero");
            }
        }
    }

    public RepositorySettings with(OperationLimits other) {
        return new RepositorySettings(other, cacheBytes, cacheAge, cacheFiles, answers, http, clock, random);
    }

    /** With other bounds of the cache directory. */
    public RepositorySettings caching(long bytes, Duration age, int files) {
        return new RepositorySettings(limits, bytes, age, files, answers, http, clock, random);
    }

    /** Giving up earlier where no connection is made, or nothing is received. */
    public RepositorySettings within(Duration connect, Duration idle) {
        BodyLimits others = new BodyLimits(answers.bytes(), idle, answers.total());
        return new RepositorySettings(
                limits, cacheBytes, cacheAge, cacheFiles, others, http.connectingWithin(connect), clock, random);
    }

    /** Through other clients, which wait for a connection as long as these. */
    public RepositorySettings with(HttpClients other) {
        return new RepositorySettings(
                limits,
                cacheBytes,
                cacheAge,
                cacheFiles,
                answers,
                other.connectingWithin(http.connect()),
                clock,
                random);
    }

    public RepositorySettings with(InstantSource other) {
        return new RepositorySettings(limits, cacheBytes, cacheAge, cacheFiles, answers, http, other, random);
    }

    public RepositorySettings with(RandomGenerator other) {
        return new RepositorySettings(limits, cacheBytes, cacheAge, cacheFiles, answers, http, clock, other);
    }
}
