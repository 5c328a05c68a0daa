package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.tasks.Mailer;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which user of Jenkins a reviewer is. */
class ReviewerAccountsTest {

    private static final List<String> LINES = List.of(
            "github.example.com/octo-alice: alice",
            "bitbucket.org/712020:ab-cd: bob",
            "dev.azure.com/carol@example.com: carol");

    private static final Review ALICE =
            new Review("octo-alice", true, "octo-alice", Optional.of("Alice@example.com"), Optional.of("1".repeat(40)));

    @TempDir
    private Path home;

    private StandIn jenkins;
    private GitOpsConfiguration configuration;
    private ReviewerAccounts accounts;

    @BeforeEach
    void start() throws Exception {
        configuration = new GitOpsConfiguration();
        jenkins = new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withPlugin("mailer")
                .withExtension(new GitOpsServices())
                .withExtension(configuration)
                .withUser(StandIn.user("alice", List.of()))
                .withUser(StandIn.user("bob", List.of()))
                .withUserProperty("alice", new Mailer.UserProperty("alice@example.com"));
        accounts = new ReviewerAccounts(Pipelines.run("shop"));
    }

    private Optional<String> user(String host) {
        return accounts.person(host, ALICE).map(Person::id);
    }

    @Test
    void noAddressIsComparedUnlessItsServerIsTrusted() {
        assertThat(user("gitea.example.com")).isEmpty();

        configuration.setReviewersByEmail(List.of("Gitea.example.com"));

        assertThat(user("gitea.example.com")).contains("alice");
        assertThat(user("other.example.com")).isEmpty();
    }

    @Test
    void anAddressOfTwoUsersIsNobodys() {
        configuration.setReviewersByEmail(List.of("gitea.example.com"));
        jenkins.withUserProperty("bob", new Mailer.UserProperty("alice@example.com"));

        assertThat(user("gitea.example.com")).isEmpty();
    }

    @Test
    void aLineForTheLoginGoesBeforeItsAddress() {
        configuration.setReviewersByEmail(List.of("gitea.example.com"));
        configuration.setReviewers(List.of("gitea.example.com/octo-alice: bob"));

        assertThat(user("gitea.example.com")).contains("bob");
    }

    @Test
    void aLoginOfTwoLinesIsNotKnownByItsAddress() {
        configuration.setReviewersByEmail(List.of("gitea.example.com"));
        configuration.setReviewers(List.of("gitea.example.com/octo-alice: bob", "gitea.example.com/octo-alice: alice"));

        assertThat(user("gitea.example.com")).isEmpty();
    }

    @Test
    void whoseServerTellsNoAddressIsNotKnown() {
        configuration.setReviewersByEmail(List.of("gitea.example.com"));

        assertThat(accounts.person("gitea.example.com", new Review("octo-alice", true)))
                .isEmpty();
    }

    @Test
    void aServerIsAName() {
        assertThat(ReviewerAccounts.problemOfServers(List.of("git.example.com", "localhost")))
                .isEmpty();
        assertThat(ReviewerAccounts.problemOfServers(List.of("https://git.example.com")))
                .hasValueSatisfying(why -> assertThat(why).contains("'https://git.example.com'"));
    }

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
