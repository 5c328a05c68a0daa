package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Asks the registries what the policy wants to know, and lets a release pass if every image meets the policy; pins it as the
 * policy says. The first connection that covers an image's host is used.
 */
public final class PolicyVerification implements ReleaseVerification {

    /** A label can hold anything, and this goes into a commit's trailer. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final List<RegistryConnection> connections;
    private final RegistryClients open;
    private final ImagePolicy policy;
    private final InstantSource clock;
    private final Instant since;

    /**
     * An unfinished scan is waited for from now on, across the repetitions of a step.
     *
     * @param open shared with others
     */
    public PolicyVerification(
            List<RegistryConnection> connections, RegistryClients open, ImagePolicy policy, InstantSource clock) {
        this(connections, open, policy, clock, clock.instant());
    }

    private PolicyVerification(
            List<RegistryConnection> connections,
            RegistryClients open,
            ImagePolicy policy,
            InstantSource clock,
            Instant since) {
        this.connections = List.copyOf(connections);
        this.open = open;
        this.policy = policy;
        this.clock = clock;
        this.since = since;
    }

    @Override
    public ReleaseVerification beforeGate() {
        return new PolicyVerification(connections, open, policy.withoutFindings(), clock, since);
    }

    @Override
    public Release verify(Release release, Progress progress) {
        Map<String, Version> verified = new LinkedHashMap<>(release.images());
        Version.images(release.images())
                .forEach((name, reference) -> verified.put(name, verified(reference, progress)));
        release.sources().forEach((name, source) -> {
            if (release.images().get(name) instanceof NamedVersion version) {
                source.artifact(version).ifPresent(chart -> requireChart(chart, progress));
                source.index().ifPresent(index -> requireListed(index, source.lastPart(), version.text(), progress));
            }
        });
        boolean asked = release.commit() == null && policy.asksFor(Rule.SOURCE_COMMIT_FROM_IMAGE);
        return new Release(
                verified,
                asked ? sourceCommit(Version.images(verified).values(), progress) : release.commit(),
                release.sources());
    }

    /** Only whether it is there: the rules are for images. */
    private void requireChart(ImageReference chart, Progress progress) {
        ImageName name = ImageName.of(chart);
        Optional<ImageRegistry> registry = open.find(connections, name);
        if (registry.isEmpty()) {
            progress.say("Chart " + chart + " is not verified: no registry connection covers " + name.host() + ".");
            return;
        }
        try {
            progress.say("Chart " + chart + " exists as "
                    + registry.get().resolve(chart).digest() + ".");
        } catch (ImageMissingException missing) {
            throw ImageMissingException.chart(chart);
        }
    }

    /** Whether a Helm repository lists the chart, which it may do with or without a v in front of the version. */
    private void requireListed(URI index, String chart, String version, Progress progress) {
        String host = index.getAuthority().toLowerCase(Locale.ROOT);
        Optional<ImageRegistry> registry = open.find(connections, new ImageName(host, chart));
        if (registry.isEmpty()) {
            progress.say("Chart " + chart + " " + version + " of " + host + " is not verified: no registry connection"
                    + " covers " + host + ".");
            return;
        }
        Set<String> versions =
                registry.get().chartVersions(index, chart).orElseThrow(() -> ImageMissingException.index(index));
        if (versions.stream().noneMatch(listed -> bare(listed).equals(bare(version)))) {
            throw ImageMissingException.chart(chart, version, index, versions);
        }
        progress.say("Chart " + chart + " " + version + " exists in " + index + ".");
    }

    private static String bare(String version) {
        return version.startsWith("v") ? version.substring(1) : version;
    }

    private ImageReference verified(ImageReference reference, Progress progress) {
        // An image that is not allowed is not asked for either: a name could lead anywhere.
        require(reference, policy.ofName(reference));
        ImageName name = ImageName.of(reference);
        Optional<ImageRegistry> registry = open.find(connections, name);
        if (registry.isEmpty()) {
            policy.questionForRegistry().ifPresent(question -> {
                throw refused(
                        reference,
                        "no registry connection covers '" + name.host() + "', which is needed to check " + question
                                + ", so add one in Jenkins");
            });
            progress.say("Image " + reference + " is not verified: no registry connection covers " + name.host() + ".");
            return reference;
        }
        ImageDetails image = registry.get().resolve(reference);
        requirePolicy(reference, image, registry.get(), progress);
        progress.say("Image " + reference + " exists as " + image.digest() + ".");
        return policy.asksFor(Rule.PIN_DIGEST) ? reference.withDigest(image.digest()) : reference;
    }

    private void requirePolicy(
            ImageReference reference, ImageDetails image, ImageRegistry registry, Progress progress) {
        List<String> violations = new ArrayList<>();
        if (policy.maximumAge() != null) {
            violations.addAll(policy.ofAge(born(registry, image), clock.instant()));
        }
        if (policy.asksFor(Rule.IMMUTABLE_TAGS)) {
            violations.addAll(policy.ofTagMutability(registry.mutability(image.name())));
        }
        require(reference, violations);
        if (policy.findings().askForScan()) {
            requireScan(reference, registry.scan(image), image, progress);
        }
    }

    private void requireScan(ImageReference reference, ScanReport report, ImageDetails image, Progress progress) {
        if (report instanceof ScanReport.Finished finished) {
            List<String> violations = policy.ofFindings(finished);
            if (!violations.isEmpty()) {
                List<String> details =
                        finished.findings().stream().map(Object::toString).toList();
                details.forEach(progress::say);
                throw new PolicyViolationException(reference, violations, details);
            }
            return;
        }
        if (report instanceof ScanReport.Unavailable unavailable) {
            throw refused(
                    reference,
                    "it has no scan result (" + unavailable.reason()
                            + "), so have it scanned or remove the limit of findings");
        }
        String state = ((ScanReport.Pending) report).state();
        Instant start = image.pushedAt().filter(since::isBefore).orElse(since);
        Duration limit = policy.findings().scanTime();
        if (clock.instant().isAfter(start.plus(limit))) {
            throw refused(
                    reference,
                    "its scan has not finished within " + Durations.text(limit) + " (" + state
                            + "), so check the registry's scanner");
        }
        throw new ScanPendingException("The scan of image '" + reference + "' has not finished (" + state + ")");
    }

    /** The commit that every image which names one names; null where none does, or they differ. */
    @CheckForNull
    private String sourceCommit(Collection<ImageReference> images, Progress progress) {
        Set<String> commits = new TreeSet<>();
        for (ImageReference image : images) {
            try {
                open.find(connections, ImageName.of(image))
                        .flatMap(registry ->
                                registry.contents(registry.resolve(image)).revision())
                        .filter(revision -> COMMIT.matcher(revision).matches())
                        .ifPresent(commits::add);
            } catch (RegistryException e) {
                // Good to know, but nothing that may stop a release which is fine otherwise.
                progress.say("The source commit of " + image + " is not known: " + e.getMessage());
            }
        }
        return commits.size() == 1 ? commits.iterator().next() : null;
    }

    private Optional<Instant> born(ImageRegistry registry, ImageDetails image) {
        return image.pushedAt()
                .filter(this::isDate)
                .or(() -> registry.contents(image).createdAt().filter(this::isDate));
    }

    /** Whether it tells an age: not the fixed time of a reproducible build, and not a time in the future. */
    private boolean isDate(Instant recorded) {
        return recorded.isAfter(ImageContents.NO_DATE_BEFORE)
                && recorded.isBefore(clock.instant().plus(CLOCKS_DIFFER));
    }

    private static PolicyViolationException refused(ImageReference reference, String violation) {
        return new PolicyViolationException(reference, List.of(violation), List.of());
    }

    private static void require(ImageReference reference, List<String> violations) {
        if (!violations.isEmpty()) {
            throw new PolicyViolationException(reference, violations, List.of());
        }
    }
}
