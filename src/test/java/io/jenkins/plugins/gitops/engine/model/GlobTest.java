package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Work;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

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
        assertThat(Glob.ofPaths(glob).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, false",
        "*.example.com, aXexampleXcom, false",
        "[::1]:5000, [::1]:5000, true",
        "reg?.example.com, regs.example.com, false"
    })
    void aStarInAHostIsOnePart(String glob, String host, boolean matches) {
        assertThat(Glob.ofHosts(glob).matches(host)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop-*|shop-prod/eu|true",
                "shop-?|shop-1|true",
                "shop-[a-c]|shop-b|true",
                "shop-[!a-c]|shop-b|false",
                "shop-[!a-c]|shop-x|true",
                "{shop,pay}-{eu,us}|pay-us|true",
                "{shop,pay}-{eu,us}|pay-asia|false",
                "{a,b{c,d}}e|bde|true",
                "a,b|a,b|true",
                "shop-\\*|shop-*|true",
                "shop-\\*|shop-x|false",
                "shop-[a|shop-a|false",
                "shop-{a|shop-a|false"
            })
    void patternsOfAppProjectsAreReadAsArgoCdReadsThem(String glob, String name, boolean matches) {
        assertThat(Glob.ofArgo(glob).matches(name)).isEqualTo(matches);
    }

    @Test
    void aPatternFromOutsideTakesNoLongerThanItIs() {
        String stars = "*a".repeat(500) + "b";
        String braces = "{a,b}".repeat(50);

        assertThat(Work.within(
                        Duration.ofSeconds(5),
                        () -> Glob.ofArgo(stars).matches("a".repeat(5_000))
                                || Glob.ofArgo(braces).matches("a".repeat(50))))
                .isFalse();
    }
}
