package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry.TagMutability;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finding;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImagePolicyTest {

    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    private static final ImageReference API = ImageReference.parse("ghcr.io/acme/shop-api:1.4.0");

    private final ImagePolicy policy = new ImagePolicy(
            Set.of(Rule.PIN_DIGEST, Rule.IMMUTABLE_TAGS),
            List.of(ImagePolicy.pattern("ghcr.io/acme/*"), ImagePolicy.pattern("docker.io/library/**")),
            List.of(new TagPattern("semver"), new TagPattern("git-sha")),
            Duration.ofDays(30),
            new FindingLimits(Map.of(Severity.CRITICAL, 0, Severity.HIGH, 2), Duration.ofMinutes(15)));

    @Test
    void aNameThatIsAllowedBreaksNothing() {
        assertThat(policy.ofName(API)).isEmpty();
    }

    @Test
    void aNameThatIsNotAllowedNamesWhatIs() {
        assertThat(policy.ofName(ImageReference.parse("ghcr.io/evil/shop-api:1.4.0")))
                .containsExactly(
                        "it is ghcr.io/evil/shop-api and only ghcr.io/acme/* or docker.io/library/** are" + " allowed");
    }

    @Test
    void aTagOfAnotherFormNamesTheForms() {
        assertThat(policy.ofName(ImageReference.parse("nginx:test")))
                .containsExactly("its tag 'test' is not of the form semver or git-sha, so use a tag of that form");
    }

    @Test
    void aDigestWithoutTagHasNoForm() {
        assertThat(policy.ofName(ImageReference.parse("nginx@sha256:" + "a".repeat(64))))
                .isEmpty();
    }

    @Test
    void anImageMayBeAsOldAsTheLimit() {
        assertThat(policy.ofAge(Optional.of(NOW.minus(Duration.ofDays(30))), NOW))
                .isEmpty();
        assertThat(policy.ofAge(Optional.of(NOW.minus(Duration.ofDays(41))), NOW))
                .containsExactly("it is 41 d old and at most 30 d are allowed, so rebuild it");
    }

    @Test
    void anImageOfUnknownAgeIsTooOld() {
        assertThat(policy.ofAge(Optional.empty(), NOW))
                .containsExactly(
                        "neither its registry nor the image records its age (reproducible builds record 1970 or no"
                                + " date), and at most 30 d are allowed, so have the build record its time, for example"
                                + " with SOURCE_DATE_EPOCH, or USE_CURRENT_TIMESTAMP of Jib");
        assertThat(ImagePolicy.DEFAULT.ofAge(Optional.empty(), NOW)).isEmpty();
    }

    @Test
    void onlyTagsThatCannotBeMovedAreImmutable() {
        assertThat(policy.ofTagMutability(TagMutability.IMMUTABLE)).isEmpty();
        assertThat(policy.ofTagMutability(TagMutability.PARTLY))
                .containsExactly("its tag can be moved and only immutable tags are allowed, so make the repository's"
                        + " tags immutable or remove the rule");
        assertThat(policy.ofTagMutability(TagMutability.MUTABLE)).hasSize(1);
        assertThat(policy.ofTagMutability(TagMutability.UNKNOWN)).hasSize(1);
        assertThat(ImagePolicy.DEFAULT.ofTagMutability(TagMutability.MUTABLE)).isEmpty();
    }

    @Test
    void findingsUpToTheLimitAreLetPass() {
        assertThat(policy.ofFindings(new ScanReport.Finished(Map.of(Severity.HIGH, 2, Severity.LOW, 90), List.of())))
                .isEmpty();
    }

    @Test
    void findingsPastTheLimitAreCountedAndSomeAreNamed() {
        ScanReport.Finished report = new ScanReport.Finished(
                Map.of(Severity.CRITICAL, 1, Severity.HIGH, 4),
                List.of(
                        finding("CVE-1", Severity.CRITICAL),
                        finding("CVE-2", Severity.HIGH),
                        finding("CVE-3", Severity.HIGH),
                        finding("CVE-4", Severity.HIGH),
                        finding("CVE-5", Severity.HIGH)));

        assertThat(policy.ofFindings(report))
                .containsExactly(
                        "it has 1 critical finding (CVE-1) and the limit is 0, so fix them or raise the limit",
                        "it has 4 high findings (CVE-2, CVE-3, CVE-4, …) and the limit is 2, so fix them or raise"
                                + " the limit");
    }

    @Test
    void severalViolationsAreOneSentence() {
        assertThat(new PolicyViolationException(API, List.of("one", "two"), List.of()))
                .hasMessage("Image 'ghcr.io/acme/shop-api:1.4.0' may not be released: one; two.");
    }

    private static Finding finding(String id, Severity severity) {
        return new Finding(id, severity, "", "");
    }

    @Test
    void aPatternWithoutAPathIsRefusedBecauseItWouldAllowNothing() {
        assertThatThrownBy(() -> ImagePolicy.pattern("ghcr.io"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage("'ghcr.io' is not a valid rule for images: write registry/repository with stars, like"
                        + " ghcr.io/acme/**.");
    }
}
