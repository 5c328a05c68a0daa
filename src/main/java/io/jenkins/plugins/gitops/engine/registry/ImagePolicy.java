package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which images may move. That an image exists in its registry is always asked; the rules come on top. The decisions are
 * pure: whoever calls brings what the registry said.
 *
 * @param allowed names, at least one of which must match; empty allows every name
 * @param tags forms, at least one of which a given tag must have; empty allows every form
 * @param tagMoves whether the registry may let tags be moved
 * @param age the oldest an image may be, or null; see {@link #maximumAge()}
 */
public record ImagePolicy(
        @NonNull Pinning pinning,
        @NonNull List<Glob> allowed,
        @NonNull List<TagPattern> tags,
        @NonNull TagMoves tagMoves,
        Duration age,
        @NonNull FindingLimits findings) {

    /** Only what exists, always by digest. */
    public static final ImagePolicy DEFAULT =
            new ImagePolicy(Pinning.BY_DIGEST, List.of(), List.of(), TagMoves.ALLOWED, null, FindingLimits.NONE);

    private static final Pattern NAME_PATTERN = Pattern.compile("[a-zA-Z0-9*.:_\\[\\]-]+(?:/[a-z0-9*._-]+)+");

    public ImagePolicy {
        allowed = List.copyOf(allowed);
        tags = List.copyOf(tags);
        if (age != null && (age.isNegative() || age.isZero())) {
            throw new InvalidPolicyException(age.toString(), "an age is longer than nothing");
        }
    }

    /**
     * Names that are allowed, for example {@code ghcr.io/acme/**}. Docker Hub is {@code docker.io}, its official images are
     * {@code docker.io/library/…}.
     *
     * @throws InvalidPolicyException if it is not {@code host/path} with stars
     */
    @NonNull
    public static Glob pattern(@NonNull String text) {
        if (!NAME_PATTERN.matcher(text).matches()) {
            throw new InvalidPolicyException(text, "write registry/repository with stars, like ghcr.io/acme/**");
        }
        return Glob.ofPaths(text);
    }

    /** The same, but asking for no scan: a bump is made minutes after the push, when no scan is done yet. */
    @NonNull
    public ImagePolicy withoutFindings() {
        return new ImagePolicy(pinning, allowed, tags, tagMoves, age, FindingLimits.NONE);
    }

    @NonNull
    public Optional<Duration> maximumAge() {
        return Optional.ofNullable(age);
    }

    /** What only a registry can answer, in words; empty if the name alone decides. */
    @NonNull
    public Optional<String> questionForRegistry() {
        if (age != null) {
            return Optional.of("how old it is");
        }
        if (tagMoves == TagMoves.FORBIDDEN) {
            return Optional.of("whether its tag can be moved");
        }
        return findings.askForScan() ? Optional.of("what a scan of it found") : Optional.empty();
    }

    /** What is wrong with the name, known before any registry is asked. */
    @NonNull
    public List<Violation> ofName(@NonNull ImageReference reference) {
        List<Violation> violations = new ArrayList<>();
        ImageName name = ImageName.of(reference);
        if (!allowed.isEmpty() && allowed.stream().noneMatch(pattern -> pattern.matches(name.toString()))) {
            violations.add(new Violation("it is " + name + " and only " + words(allowed)
                    + (allowed.size() == 1 ? " is" : " are") + " allowed"));
        }
        reference
                .tagName()
                .filter(tag -> !tags.isEmpty() && tags.stream().noneMatch(pattern -> pattern.matches(tag)))
                .ifPresent(tag -> violations.add(new Violation(
                        "its tag '" + tag + "' is not of the form " + words(tags) + ", so give it such a tag")));
        return violations;
    }

    /** @param born when it was pushed, or else built; empty if nobody says */
    @NonNull
    public List<Violation> ofAge(@NonNull Optional<Instant> born, @NonNull Instant now) {
        if (age == null) {
            return List.of();
        }
        if (born.isEmpty()) {
            return List.of(new Violation("neither its registry nor the image says how old it is (reproducible builds"
                    + " record 1970 or no date), and at most " + Words.time(age) + " are allowed, so have the build"
                    + " record its time, for example with SOURCE_DATE_EPOCH, or USE_CURRENT_TIMESTAMP of Jib"));
        }
        Duration old = Duration.between(born.get(), now);
        if (old.compareTo(age) <= 0) {
            return List.of();
        }
        return List.of(new Violation(
                "it is " + Words.time(old) + " old and at most " + Words.time(age) + " are allowed, so build it anew"));
    }

    /** What is wrong with the registry's own rule for tags. */
    @NonNull
    public List<Violation> ofTagMutability(@NonNull TagMutability mutability) {
        if (tagMoves == TagMoves.ALLOWED || mutability == TagMutability.IMMUTABLE) {
            return List.of();
        }
        String seen = mutability == TagMutability.UNKNOWN
                ? "its registry does not say whether its tag can be moved"
                : "its tag can be moved";
        return List.of(new Violation(seen + " and only immutable tags are allowed, so make the repository's tags"
                + " immutable or have the rule lifted"));
    }

    /** What a finished scan found too much of. */
    @NonNull
    public List<Violation> ofFindings(@NonNull ScanReport.Finished report) {
        List<Violation> violations = new ArrayList<>();
        findings.most().forEach((severity, most) -> {
            int found = report.count(severity);
            if (found > most) {
                violations.add(new Violation("it has " + found + " " + severity.word()
                        + (found == 1 ? " finding" : " findings") + Words.examples(report, severity) + " and at most "
                        + most + " may be there, so mend them or have the limit raised"));
            }
        });
        return violations;
    }

    private static String words(List<?> patterns) {
        return patterns.stream().map(Object::toString).collect(Collectors.joining(" or "));
    }
}
