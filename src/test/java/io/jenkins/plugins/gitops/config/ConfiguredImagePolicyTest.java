package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.registry.FindingLimits;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import io.jenkins.plugins.gitops.engine.registry.TagPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfiguredImagePolicyTest {

    private final ConfiguredImagePolicy form = new ConfiguredImagePolicy();

    @Test
    void anEmptyFormIsTheUsualPolicy() {
        form.setAllowedImages("  ");
        form.setMaximumFindings("");

        assertThat(form.read()).isEqualTo(ImagePolicy.DEFAULT);
    }

    @Test
    void everyLineIsARule() {
        form.setAllowedImages("ghcr.io/acme/**\n\n docker.io/library/* \r\n");
        form.setTagForms("git-sha\nsemver");
        form.setMaximumAgeDays(30);
        form.setMaximumFindings("Critical: 0\nhigh = 5");
        form.setScanMinutes(20);
        form.setImmutableTagsOnly(true);
        form.setTagsAsGiven(true);

        assertThat(form.read())
                .isEqualTo(new ImagePolicy(
                        Set.of(Rule.IMMUTABLE_TAGS),
                        List.of(ImagePolicy.pattern("ghcr.io/acme/**"), ImagePolicy.pattern("docker.io/library/*")),
                        List.of(new TagPattern("git-sha"), new TagPattern("semver")),
                        Duration.ofDays(30),
                        new FindingLimits(Map.of(Severity.CRITICAL, 0, Severity.HIGH, 5), Duration.ofMinutes(20))));
    }

    @Test
    void aLineThatIsNoRuleIsNamed() {
        form.setMaximumFindings("critical: 0\nterrible: 1");

        assertThatThrownBy(form::read)
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage("'terrible: 1' is not a valid rule for images: write critical, high, medium, low or"
                        + " informational and a number, like critical: 0.");
    }
}
