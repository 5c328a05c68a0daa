package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.util.concurrent.atomic.AtomicReference;
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
                "file: 'apps/shop/base/api.yaml', image: 'ghcr.io/acme/shop-api:v9'"
                        + "|is of no environment, but gitops.yaml has gates or jobs that a bump of it may go around",
                "application: 'shop', environment: 'dev', images: [api: 'v1'], branch: 'other'"
                        + "|read from the configured branch 'main' of 'config' alone: remove 'branch'",
                "application: 'shop', environment: 'dev', images: [api: 'v1'], credentialsId: 'nobody'"
                        + "|opened with the credentials that are configured for it: remove 'credentialsId'",
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
        AtomicReference<String> valid = new AtomicReference<>();
        playground.declare(declared -> {
            valid.set(declared);
            return "version: 1\napplications:\n  shop:\n    imagez: {}\n";
        });

        try {
            assertRefused(
                    "application: 'shop', environment: 'dev', images: [api: 'v1']",
                    "gitops.yaml:3: 'environments' is missing in 'applications.shop'");
        } finally {
            playground.declare(broken -> valid.get());
        }
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
