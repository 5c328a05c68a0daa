package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks the registries what the policy wants to know, and lets the policy decide. Blocking. */
public final class ImageChecks {

    private static final Duration NEXT_LOOK_AT_SCAN = Duration.ofSeconds(20);

    /** A label can hold anything, and this goes into a commit's trailer. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** Reproducible builds say 1970 or 1980: that is no age. */
    private static final Instant NO_AGE_BEFORE = Instant.parse("2000-01-01T00:00:00Z");

    private final Registries registries;
    private final ImagePolicy policy;
    private final InstantSource clock;

    public ImageChecks(@NonNull Registries registries, @NonNull ImagePolicy policy, @NonNull InstantSource clock) {
        this.registries = registries;
        this.policy = policy;
        this.clock = clock;
    }

    /** The same, but asking for no scan. */
    @NonNull
    ImageChecks withoutFindings() {
        return new ImageChecks(registries, policy.withoutFindings(), clock);
    }

    /**
     * @param since from when on an unfinished scan is waited for; the push of the image, if that was later
     * @throws ImageMissingException if there is no such image
     * @throws RegistryException if its registry cannot be asked
     */
    @NonNull
    public ImageCheck check(@NonNull ImageReference reference, @NonNull Instant since) {
        List<Violation> violations = policy.ofName(reference);
        if (!violations.isEmpty()) {
            // Whatever is not allowed is not asked for either: a name could lead anywhere.
            return refused(reference, violations, List.of());
        }
        ImageName name = ImageName.of(reference);
        Optional<ImageRegistry> registry = registries.of(name);
        if (registry.isEmpty()) {
            return unverified(reference, name);
        }
        return verified(reference, registry.get(), since);
    }

    /**
     * The source commit an image says it was built from; empty if it says none, or something that is no commit.
     *
     * @throws RegistryException if its registry cannot be asked
     */
    @NonNull
    Optional<String> revision(@NonNull ImageReference reference) {
        return registries
                .of(ImageName.of(reference))
                .flatMap(registry ->
                        registry.contents(registry.resolve(reference)).revision())
                .filter(revision -> COMMIT.matcher(revision).matches());
    }

    private ImageCheck unverified(ImageReference reference, ImageName name) {
        Optional<String> question = policy.questionForRegistry();
        if (question.isEmpty()) {
            return new ImageCheck.Passed(
                    reference,
                    "Image " + reference + " is not verified: no registry connection covers " + name.host() + ".");
        }
        return refused(
                reference,
                List.of(new Violation("no registry connection covers '" + name.host() + "', which would say "
                        + question.get() + ", so have one added in Jenkins")),
                List.of());
    }

    private ImageCheck verified(ImageReference reference, ImageRegistry registry, Instant since) {
        ImageDetails image = registry.resolve(reference);
        List<Violation> violations = new ArrayList<>();
        if (policy.maximumAge().isPresent()) {
            violations.addAll(policy.ofAge(born(registry, image), clock.instant()));
        }
        if (policy.tagMoves() == TagMoves.FORBIDDEN) {
            violations.addAll(policy.ofTagMutability(registry.mutability(image.name())));
        }
        if (!violations.isEmpty()) {
            return refused(reference, violations, List.of());
        }
        ImageReference pinned =
                policy.pinning() == Pinning.BY_DIGEST ? reference.withDigest(image.digest()) : reference;
        ImageCheck.Passed passed =
                new ImageCheck.Passed(pinned, "Image " + reference + " exists as " + image.digest() + ".");
        return policy.findings().askForScan() ? scanned(passed, registry.scan(image), image, since) : passed;
    }

    private ImageCheck scanned(ImageCheck.Passed passed, ScanReport report, ImageDetails image, Instant since) {
        ImageReference reference = passed.release();
        if (report instanceof ScanReport.Finished finished) {
            List<Violation> violations = policy.ofFindings(finished);
            List<String> details =
                    finished.findings().stream().map(Object::toString).toList();
            return violations.isEmpty() ? passed : refused(reference, violations, details);
        }
        if (report instanceof ScanReport.Unavailable unavailable) {
            return refused(
                    reference,
                    List.of(new Violation("it has no scan result (" + unavailable.reason()
                            + "), so have it scanned or have the limit of findings lifted")),
                    List.of());
        }
        String state = ((ScanReport.Pending) report).state();
        Instant start = image.pushedAt().filter(since::isBefore).orElse(since);
        Duration patience = policy.findings().patience();
        if (clock.instant().isAfter(start.plus(patience))) {
            return refused(
                    reference,
                    List.of(new Violation("its scan has not finished within " + Words.time(patience) + " (" + state
                            + "), so look into the registry's scanner")),
                    List.of());
        }
        return new ImageCheck.Waiting(
                "The scan of image '" + reference + "' has not finished (" + state + ")", NEXT_LOOK_AT_SCAN);
    }

    private static Optional<Instant> born(ImageRegistry registry, ImageDetails image) {
        return image.pushedAt()
                .filter(pushed -> pushed.isAfter(NO_AGE_BEFORE))
                .or(() -> registry.contents(image).createdAt().filter(created -> created.isAfter(NO_AGE_BEFORE)));
    }

    private static ImageCheck refused(ImageReference reference, List<Violation> violations, List<String> details) {
        return new ImageCheck.Refused(PolicyViolationException.sentence(reference, violations), details);
    }
}
