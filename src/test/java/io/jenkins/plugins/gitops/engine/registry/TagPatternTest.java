package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagPatternTest {

    @ParameterizedTest
    @CsvSource({
        "git-sha, 0a1b2c3, true",
        "git-sha, 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567, true",
        "git-sha, 0a1b2c, false",
        "git-sha, 0A1B2C3, false",
        "semver, 1.4.0, true",
        "semver, v1.4.0-rc.1, true",
        "semver, 1.4.0_build.7, true",
        "semver, 1.4, false",
        "semver, 01.4.0, false",
        "semver, latest, false",
        "'main-\\d+', main-17, true",
        "'main-\\d+', xmain-17, false"
    })
    void aTagHasAForm(String form, String tag, boolean matches) {
        assertThat(new TagPattern(form).matches(tag)).isEqualTo(matches);
    }

    @Test
    void whatIsNoRegularExpressionIsRefused() {
        assertThatThrownBy(() -> new TagPattern("main-("))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage("'main-(' is not a valid rule for images: write git-sha, semver or a regular expression for"
                        + " the whole tag.");
    }
}
