package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry.TagMutability;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which images may move. That an image exists in its registry is always asked; the rules come on top. The decisions are
 * pure: the caller brings what the registry answered. A rule that is broken is a clause that completes "Image … may not be
 * released: "; it says what is, what is allowed, and the remedy, without a full stop.
 *
 * @param allowed names, at least one of which must match; empty allows every name
 * @param tags forms, at least one of which a given tag must have; empty allows every form
 * @param maximumAge the oldest an image may be, or null
 */
public record ImagePolicy(
        Set<Rule> rules,
        List<Glob> allowed,
        List<TagPattern> tags,
        @CheckForNull Duration maximumAge,
        FindingLimits findings) {

    /** What a policy asks for or not. */
    public enum Rule {
        /** Images are written with their digest; a tag that was given stays beside it. Otherwise they are written as given. */
        PIN_DIGEST,
        /** The registry must refuse to move a tag to another image. */
        IMMUTABLE_TAGS,
        /** A release without a source commit takes the one its images name; two or three more requests when cold. */
        SOURCE_COMMIT_FROM_IMAGE
    }

    /** A rule cannot be read: an administrator corrects it. */
    public static final class InvalidPolicyException extends GitOpsException {

        private static final long serialVersionUID = 1L;

        InvalidPolicyException(String rule, String remedy) {
            super("'" + rule + "' is not a valid rule for images: " + remedy + ".");
        }
    }

    /** Only what exists, always by digest. */
    public static final ImagePolicy DEFAULT =
            new ImagePolicy(Set.of(Rule.PIN_DIGEST), List.of(), List.of(), null, FindingLimits.NONE);

    private static final int EXAMPLES = 3;
    private static final Pattern NAME_PATTERN = Pattern.compile("[a-zA-Z0-9*.:_\\[\\]-]+(?:/[a-z0-9*._-]+)+");

    public ImagePolicy {
        rules = Set.copyOf(rules);
        allowed = List.copyOf(allowed);
        tags = List.copyOf(tags);
        if (maximumAge != null && (maximumAge.isNegative() || maximumAge.isZero())) {
            throw new InvalidPolicyException(maximumAge.toString(), "an age is longer than zero");
        }
    }

    /**
     * Names that are allowed, for example {@code ghcr.io/acme/**}. Docker Hub is {@code docker.io}, its official images are
     * {@code docker.io/library/…}.
     *
     * @throws InvalidPolicyException if it is not {@code host/path} with stars
     */
    public static Glob pattern(String text) {
        if (!NAME_PATTERN.matcher(text).matches()) {
            throw new InvalidPolicyException(text, "write registry/repository with stars, like ghcr.io/acme/**");
        }
        return Glob.ofPaths(text);
    }

    /** The same, but asking for no scan: a bump is made minutes after the push, when no scan is done yet. */
    ImagePolicy withoutFindings() {
        return new ImagePolicy(rules, allowed, tags, maximumAge, FindingLimits.NONE);
    }

    boolean asksFor(Rule rule) {
        return rules.contains(rule);
    }

    /** What only a registry can answer, in words; empty if the name alone decides. */
    Optional<String> questionForRegistry() {
        if (maximumAge != null) {
            return Optional.of("its age");
        }
        if (asksFor(Rule.IMMUTABLE_TAGS)) {
            return Optional.of("whether its tag can be moved");
        }
        return findings.askForScan() ? Optional.of("its scan findings") : Optional.empty();
    }

    /** What is wrong with the name, known before any registry is asked. */
    List<String> ofName(ImageReference reference) {
        List<String> violations = new ArrayList<>();
        ImageName name = ImageName.of(reference);
        if (!allowed.isEmpty() && allowed.stream().noneMatch(pattern -> pattern.matches(name.toString()))) {
            violations.add("it is " + name + " and only " + joined(allowed) + (allowed.size() == 1 ? " is" : " are")
                    + " allowed");
        }
        reference
                .tagName()
                .filter(tag -> !tags.isEmpty() && tags.stream().noneMatch(pattern -> pattern.matches(tag)))
                .ifPresent(tag -> violations.add(
                        "its tag '" + tag + "' is not of the form " + joined(tags) + ", so use a tag of that form"));
        return violations;
    }

    /** @param born when it was pushed, or else built; empty if neither is known */
    List<String> ofAge(Optional<Instant> born, Instant now) {
        if (maximumAge == null) {
            return List.of();
        }
        if (born.isEmpty()) {
            return List.of("neither its registry nor the image records its age (reproducible builds record 1970 or no"
                    + " date), and at most " + age(maximumAge)
                    + " are allowed, so have the build record its time, for"
                    + " example with SOURCE_DATE_EPOCH, or USE_CURRENT_TIMESTAMP of Jib");
        }
        Duration old = Duration.between(born.get(), now);
        return old.compareTo(maximumAge) <= 0
                ? List.of()
                : List.of("it is " + age(old) + " old and at most " + age(maximumAge) + " are allowed, so rebuild it");
    }

    /** What is wrong with the registry's own rule for tags. */
    List<String> ofTagMutability(TagMutability mutability) {
        if (!asksFor(Rule.IMMUTABLE_TAGS) || mutability == TagMutability.IMMUTABLE) {
            return List.of();
        }
        String seen = mutability == TagMutability.UNKNOWN
                ? "its registry does not report whether its tag can be moved"
                : "its tag can be moved";
        return List.of(
                seen + " and only immutable tags are allowed, so make the repository's tags immutable or remove the"
                        + " rule");
    }

    /** What a finished scan found too much of. */
    List<String> ofFindings(ScanReport.Finished report) {
        List<String> violations = new ArrayList<>();
        findings.most().forEach((severity, most) -> {
            int found = report.count(severity);
            if (found > most) {
                violations.add("it has " + found + " " + severity.word() + (found == 1 ? " finding" : " findings")
                        + examples(report, severity) + " and the limit is " + most
                        + ", so fix them or raise the limit");
            }
        });
        return violations;
    }

    /** The whole days of an age, or its hours and minutes where it is less than two. */
    private static String age(Duration age) {
        return Durations.text(age.truncatedTo(age.toDays() >= 2 ? ChronoUnit.DAYS : ChronoUnit.MINUTES));
    }

    /** Some findings of a severity, in parentheses after a space; empty if there are none. */
    private static String examples(ScanReport.Finished report, Severity severity) {
        List<String> ids = report.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .map(ScanReport.Finding::id)
                .toList();
        String more = ids.size() > EXAMPLES ? ", …" : "";
        return ids.isEmpty() ? "" : ids.stream().limit(EXAMPLES).collect(Collectors.joining(", ", " (", more + ")"));
    }

    private static String joined(List<?> patterns) {
        return patterns.stream().map(Object::toString).collect(Collectors.joining(" or "));
    }
}
