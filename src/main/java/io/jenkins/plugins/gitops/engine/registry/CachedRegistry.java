package io.jenkins.plugins.gitops.engine.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers a registry's answers: what a digest is for minutes, as it cannot change but be deleted; what a tag is for
 * seconds. Bounded. Faults, missing images and unfinished scans are not remembered. Several threads that ask the same at
 * the same time ask the registry once.
 */
final class CachedRegistry implements ImageRegistry {

    static final Duration DIGESTS = Duration.ofMinutes(10);
    static final Duration TAGS = Duration.ofSeconds(15);

    /** What is known about a digest can change, though seldom. */
    private static final Duration ATTACHED = Duration.ofMinutes(1);

    private static final int MOST = 1000;

    private final ImageRegistry registry;
    private final Cache<String, ImageDetails> byTag;
    private final Cache<String, ImageDetails> byDigest;
    private final Cache<String, ImageContents> contents;
    private final Cache<String, ScanReport> scans;
    private final Cache<ImageName, TagMutability> mutability;
    private final Cache<String, Optional<Set<String>>> charts;

    CachedRegistry(ImageRegistry registry, InstantSource clock) {
        this.registry = registry;
        Ticker ticker = ticker(clock);
        byTag = cache(TAGS, ticker);
        byDigest = cache(DIGESTS, ticker);
        contents = cache(DIGESTS, ticker);
        scans = cache(ATTACHED, ticker);
        mutability = cache(ATTACHED, ticker);
        charts = cache(ATTACHED, ticker);
    }

    @Override
    public ImageDetails resolve(ImageReference reference) {
        ImageName name = ImageName.of(reference);
        if (reference.digest() != null) {
            return byDigest.get(name + "@" + reference.digest(), key -> registry.resolve(reference));
        }
        ImageDetails found = byTag.get(name + ":" + reference.tag(), key -> registry.resolve(reference));
        byDigest.put(found.toString(), found);
        return found;
    }

    @Override
    public ImageContents contents(ImageDetails image) {
        return contents.get(image.toString(), key -> registry.contents(image));
    }

    @Override
    public ScanReport scan(ImageDetails image) {
        ScanReport report = scans.get(image.toString(), key -> registry.scan(image));
        if (!(report instanceof ScanReport.Finished)) {
            scans.invalidate(image.toString());
        }
        return report;
    }

    @Override
    public TagMutability mutability(ImageName repository) {
        return mutability.get(repository, registry::mutability);
    }

    @Override
    public Optional<Set<String>> chartVersions(URI index, String chart) {
        return charts.get(index + "#" + chart, key -> registry.chartVersions(index, chart));
    }

    @Override
    public void close() {
        registry.close();
    }

    static Ticker ticker(InstantSource clock) {
        return () -> ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
    }

    private static <K, V> Cache<K, V> cache(Duration life, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(life)
                .ticker(ticker)
                .build();
    }
}
