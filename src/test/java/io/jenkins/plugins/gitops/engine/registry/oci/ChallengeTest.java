package io.jenkins.plugins.gitops.engine.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengeTest {

    @Test
    void aBearerChallengeGivesItsParameters() {
        Challenge challenge = Challenge.read(
                        List.of("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                                + "scope=\"repository:library/nginx:pull,push\""))
                .orElseThrow();

        assertThat(challenge.scheme()).isEqualTo("bearer");
        assertThat(challenge.parameter("realm")).contains("https://auth.docker.io/token");
        assertThat(challenge.parameter("service")).contains("registry.docker.io");
        assertThat(challenge.parameter("scope")).contains("repository:library/nginx:pull,push");
    }

    @Test
    void ofSeveralChallengesTheTokenIsTaken() {
        assertThat(Challenge.read(List.of("Basic realm=\"a, b\", Bearer Realm = \"https://t\", Negotiate"))
                        .orElseThrow()
                        .parameter("realm"))
                .contains("https://t");
        assertThat(Challenge.read(List.of("Negotiate", "Basic realm=x"))
                        .orElseThrow()
                        .scheme())
                .isEqualTo("basic");
    }

    @Test
    void quotedCharactersAreTakenLiterally() {
        assertThat(Challenge.read(List.of("Basic realm=\"say \\\"friend\\\"\""))
                        .orElseThrow()
                        .parameter("realm"))
                .contains("say \"friend\"");
    }

    @Test
    void whatCannotBeAnsweredIsNoChallenge() {
        assertThat(Challenge.read(List.of())).isEmpty();
        assertThat(Challenge.read(List.of("Negotiate oYG2=="))).isEmpty();
        assertThat(Challenge.read(List.of("Bearer service=\"no realm\""))).isEmpty();
    }

    @Test
    void aRealmOfAnyLengthIsRead() {
        String escaped = "\\\\a".repeat(50_000);
        String realm = "https://t/" + "x".repeat(5_000);

        assertThat(Challenge.read(List.of("Bearer realm=\"" + realm + "\", service=\"" + escaped + "\""))
                        .orElseThrow()
                        .parameter("realm"))
                .contains(realm);
        assertThat(Challenge.read(List.of("Bearer realm=\"" + escaped))).isPresent();
    }
}
