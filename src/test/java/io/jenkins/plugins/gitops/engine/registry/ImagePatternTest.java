package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePatternTest {

    @ParameterizedTest
    @CsvSource({
        "ghcr.io/acme/**, ghcr.io/acme/shop/api, true",
        "ghcr.io/acme/**, ghcr.io/acme-evil/api, false",
        "ghcr.io/acme/**, ghcrxio/acme/api, false",
        "ghcr.io/acme/*, ghcr.io/acme/api, true",
        "ghcr.io/acme/*, ghcr.io/acme/shop/api, false",
        "ghcr.io/acme/api, ghcr.io/acme/api, true",
        "ghcr.io/acme/api, evil.io/ghcr.io/acme/api, false",
        "*.dkr.ecr.eu-central-1.amazonaws.com/shop/*, 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api, true",
        "*.example/**, evil.com/x.example/api, false"
    })
    void starsStandForNamesAsInAPath(String glob, String name, boolean matches) {
        int slash = name.indexOf('/');
        ImageName image = new ImageName(name.substring(0, slash), name.substring(slash + 1));

        assertThat(new ImagePattern(glob).matches(image)).isEqualTo(matches);
    }

    @Test
    void aPatternWithoutAPathIsRefusedBecauseItWouldAllowNothing() {
        assertThatThrownBy(() -> new ImagePattern("ghcr.io"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessage("'ghcr.io' is no rule of an image policy: write registry/repository with stars, like"
                        + " ghcr.io/acme/**.");
    }
}
