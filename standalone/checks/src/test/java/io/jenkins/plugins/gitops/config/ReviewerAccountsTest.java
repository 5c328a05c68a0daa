package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which user of Jenkins a reviewer is. */
class ReviewerAccountsTest {

    private static final List<String> LINES = List.of(
            "github.example.com/octo-alice: alice",
            "bitbucket.org/712020:ab-cd: bob",
            "dev.azure.com/carol@example.com: carol");

    @Test
    void aLoginIsOfItsServer() {
        assertThat(ReviewerAccounts.user(LINES, "github.example.com", "Octo-Alice"))
                .contains("alice");
        assertThat(ReviewerAccounts.user(LINES, "bitbucket.org", "712020:ab-cd"))
                .contains("bob");
        assertThat(ReviewerAccounts.user(LINES, "dev.azure.com", "carol@example.com"))
                .contains("carol");
        assertThat(ReviewerAccounts.user(LINES, "github.com", "octo-alice")).isEmpty();
        assertThat(ReviewerAccounts.problem(LINES)).isEmpty();
    }

    @Test
    void aLoginOfTwoUsersIsNobodys() {
        List<String> lines = List.of("github.com/octo: alice", "GitHub.com/Octo: bob");

        assertThat(ReviewerAccounts.user(lines, "github.com", "octo")).isEmpty();
        assertThat(ReviewerAccounts.problem(lines))
                .hasValueSatisfying(why -> assertThat(why).contains("has two users"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "github.com: alice", "github.com/octo", "github.com/octo:", "/octo: alice"})
    void whatIsNoLineIsRefused(String line) {
        assertThat(ReviewerAccounts.problem(List.of(line))).isPresent();
    }
}
