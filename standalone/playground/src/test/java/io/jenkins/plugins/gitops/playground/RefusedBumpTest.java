package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user can get wrong ends the run with one sentence that says what to do, and leaves no commit. */
class RefusedBumpTest {

    @RegisterExtension
    private static final PlaygroundFixture playground = new PlaygroundFixture();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application: 'shpo', environment: 'dev', images: [api: 'v1']"
                        + "|There is no application 'shpo' in gitops.yaml: did you mean 'shop'?",
                "application: 'shop', environment: 'stagng', images: [api: 'v1']|There is no environment 'stagng' in"
                        + " application 'shop' in gitops.yaml: did you mean 'staging'?",
                "application: 'shop', environment: 'dev', images: [ap: 'v1']"
                        + "|There is no image 'ap' in 'shop': did you mean 'api'?",
                "application: 'shop', environment: 'dev', images: [api: 'not a tag']"
                        + "|'not a tag' is not a tag: the character U+0020 is not allowed",
                "file: 'nowhere.yaml', image: 'ghcr.io/acme/shop-api:v9'|nowhere.yaml",
                "file: 'apps/shop/base/api.yaml', image: 'ghcr.io/acme/other:v9'|other",
                "application: 'shop', environment: 'dev', images: [api: 'v1'], branch: 'nowhere'|nowhere",
                "application: 'shop', environment: 'dev', images: [api: 'v1'], credentialsId: 'nobody'"
                        + "|There are no credentials 'nobody'",
            })
    void aWrongArgumentIsExplained(String arguments, String sentence) throws Exception {
        assertRefused(arguments, sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "stable", "main", "master", "edge", "dev", "nightly"})
    void aMutableTagIsRefused(String tag) throws Exception {
        assertRefused(
                "application: 'shop', environment: 'dev', images: [api: '" + tag + "']",
                "'ghcr.io/acme/shop-api:" + tag + "' cannot be released: the tag '" + tag
                        + "' is mutable; use a tag that stays");
    }

    @Test
    void aMisspeltArgumentIsRefusedWithItsLine() throws Exception {
        assertRefused(
                "applcation: 'shop'",
                "Jenkinsfile:2: the step 'gitopsBumpImage' has no parameter 'applcation': did you mean 'application'?");
    }

    @Test
    void anInvalidDeclarationIsRefusedWithItsLine() throws Exception {
        playground.declare("broken", declared -> "version: 1\napplications:\n  shop:\n    imagez: {}\n");

        assertRefused(
                "application: 'shop', environment: 'dev', images: [api: 'v1'], branch: 'broken'",
                "gitops.yaml:3: 'images' is missing in 'applications.shop'");
    }

    private static void assertRefused(String arguments, String sentence) throws Exception {
        int before = playground.commits();

        PlaygroundFixture.Ended ended = playground.runSteps("gitopsBumpImage " + arguments);

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains(sentence);
        assertThat(ended.log()).doesNotContain("\tat ");
        assertThat(playground.commits()).isEqualTo(before);
    }
}
