package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever wrote a part of what is promoted is known as an author, whatever commits say of themselves. */
class ChangeAuthorsTest {

    private static final String ALICE = "Alice <alice@example.org>";
    private static final String BOB = "Bob <bob@example.org>";

    @TempDir
    private Path folder;

    private GitHttpServer server;
    private GitConfigRepositories controller;
    private Path bare;
    private ShopTeam team;
    private int lines = 1;

    @BeforeEach
    void begin() throws IOException {
        server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
        bare = server.create("config.git");
        push("Olga", "Begin", Shop.files());
        controller = new GitConfigRepositories(folder.resolve("cache"));
        team = new ShopTeam(controller.open(new Remote(server.url("config.git"))), InstantSource.system());
        team.promote("staging", team.bump("dev", "1.0.1", by("olga")), Optional.empty());
    }

    @AfterEach
    void end() throws IOException {
        controller.close();
        server.close();
    }

    @Test
    void aCommitByHandWithoutTrailersHasAnAuthor() {
        edit("Alice", "dev", "1.1.0", "Another version");

        assertThat(subject().changeAuthors()).containsExactly(ALICE);
        assertThat(subject().authorsUnknown()).isNull();
    }

    @Test
    void aCommitThatOnlyChangesConfigurationHasAnAuthorToo() {
        bump("1.1.0", "dora");
        append("Alice", "dev", "More of them");
        append("Bob", "staging", "In the target");

        assertThat(subject().changeAuthors()).containsExactlyInAnyOrder(BOB, ALICE, "dora");
    }

    @Test
    void theBumpsOfThisControllerHaveTheAuthorsOfWhatWasBuilt() {
        bump("1.1.0", "dora");
        bump("1.2.0", "emil");

        assertThat(subject().changeAuthors()).containsExactly("emil", "dora");
        assertThat(subject().commits())
                .extracting(GateSubject.CommitSummary::subject)
                .containsExactly(
                        "shop: bump api to 1.2.0, worker to 1.0.0 in dev",
                        "shop: bump api to 1.1.0, worker to 1.0.0 in dev");
    }

    @Test
    void aTrailerNeverRemovesAnAuthor() {
        edit("Alice", "dev", "1.1.0", """
            Bump

            GitOps-Application: shop
            GitOps-Environment: dev
            GitOps-Change-Author: carol
            GitOps-Run: https://ci.example.org/job/shop/7/
            GitOps-Bump-Id: forged
            Co-authored-by: Bob <bob@example.org>
            """);

        assertThat(subject().changeAuthors()).containsExactly("carol", ALICE, BOB);
    }

    @Test
    void aCommitThatIsTooLargeToBeReadIsNamedAsLeftOutOfTheHistory() {
        assertThat(team.ledger().omission()).isEmpty();

        edit("Alice", "dev", "1.1.0", "Bump\n\n" + "GitOps-Change-Author: somebody else\n".repeat(10_000));

        assertThat(team.ledger().unread()).hasSize(1);
        assertThat(team.ledger().omission())
                .contains("The history leaves out "
                        + team.ledger().unread().get(0).substring(0, 7)
                        + ": commits of more than 256 KiB are not read; deploy again with a smaller commit.");
    }

    @Test
    void aCommitThatIsTooLargeToBeReadHasUnknownAuthorsBesides() {
        edit("Alice", "dev", "1.1.0", "Bump\n\n" + "GitOps-Change-Author: somebody else\n".repeat(10_000));

        assertThat(subject().changeAuthors()).containsExactly(ALICE);
        assertThat(subject().authorsUnknown())
                .startsWith("commit ")
                .endsWith(" is too large to be read, and so are the authors that it names");
    }

    @Test
    void anEmptyCommitThatNamesTheTargetsImageEndsNothing() {
        edit("Alice", "dev", "1.1.0", "Another version");
        push("Alice", """
            Nothing

            GitOps-Application: shop
            GitOps-Environment: dev
            GitOps-Image: api=ghcr.io/acme/shop-api:1.0.1
            """, Map.of());

        assertThat(subject().changeAuthors()).containsExactly(ALICE);
    }

    @Test
    void goingBackAndForthInTheSourceHidesNobody() {
        edit("Alice", "dev", "1.1.0", "Another version");
        edit("Alice", "dev", "1.0.1", "Back");
        edit("Bob", "dev", "1.1.0", "Again");

        assertThat(subject().changeAuthors()).contains(BOB, ALICE);
    }

    @Test
    void whoWroteInABranchThatWasMergedIsAnAuthorAndWhoMergedIsNot() {
        TestGit.run(bare, "branch", "feature", "main");
        String changed = Shop.IMAGES.replace("api:1.0.0", "api:1.1.0");
        push("feature", "Alice", "Another version", Map.of(Shop.file("dev"), changed), "");
        append("Bob", "staging", "In the target");
        push("main", "Mary", "Merge", Map.of(Shop.file("dev"), changed), "merge refs/heads/feature^0\n");

        assertThat(subject().changeAuthors()).containsExactlyInAnyOrder(ALICE, BOB);
    }

    @Test
    void whoChangedOtherFilesIsNoAuthor() {
        bump("1.1.0", "dora");
        push("Alice", "Describe", Map.of("README.md", "Read me\n"));

        assertThat(subject().changeAuthors()).containsExactly("dora");
    }

    @Test
    void aBumpWhoseAuthorsAreNotAllKnownSaysSo() {
        team.bump(
                "dev",
                "1.1.0",
                new Provenance(null, null, null, List.of("dora"), null, null, List.of(), "first build", null));

        GateSubject.Promotion subject = subject();

        assertThat(subject.changeAuthors()).containsExactly("dora");
        assertThat(subject.authorsUnknown()).startsWith("of commit ").endsWith(": first build");
    }

    @Test
    void theNextPromotionCarriesTheAuthorsOn() {
        edit("Alice", "dev", "1.1.0", "Another version");
        team.promote("staging", TestGit.output(bare, "rev-parse", "main"), Optional.empty());
        String live = TestGit.output(bare, "rev-parse", "main");

        assertThat(team.promotion("prod", target -> new Liveness.State.Healthy(live, null))
                        .subject()
                        .changeAuthors())
                .contains(ALICE, "olga");
    }

    @Test
    void longHistoriesCostFewRequests() {
        for (int i = 0; i < 40; i++) {
            append("Alice", "dev", "Edit " + i);
        }
        edit("Bob", "dev", "1.1.0", "Another version");
        subject();
        server.forgetRequests();

        subject();

        assertThat(server.requests()).hasSizeLessThan(25);
    }

    private GateSubject.Promotion subject() {
        String live = TestGit.output(bare, "rev-parse", "main");
        return team.promotion("staging", target -> new Liveness.State.Healthy(live, null))
                .subject();
    }

    private void bump(String version, String author) {
        team.bump("dev", version, by(author));
    }

    private static Provenance by(String author) {
        return new Provenance("https://ci.example.org/job/shop/1/", null, "5ource", List.of(author));
    }

    private void edit(String author, String environment, String version, String message) {
        push(author, message, Map.of(Shop.file(environment), Shop.IMAGES.replace("api:1.0.0", "api:" + version)));
    }

    /** Changes a file, and no image. */
    private void append(String author, String environment, String message) {
        String before = TestGit.output(bare, "cat-file", "blob", "main:" + Shop.file(environment));
        push(author, message, Map.of(Shop.file(environment), before + "\n".repeat(++lines)));
    }

    private void push(String author, String message, Map<String, String> files) {
        push("main", author, message, files, "");
    }

    private void push(String branch, String author, String message, Map<String, String> files, String merge) {
        boolean exists =
                !TestGit.output(bare, "for-each-ref", "refs/heads/" + branch).isEmpty();
        StringBuilder stream = new StringBuilder("commit refs/heads/" + branch + "\ncommitter " + author + " <"
                + author.toLowerCase(Locale.ROOT) + "@example.org> now\n");
        data(stream, message);
        stream.append(exists ? "from refs/heads/" + branch + "^0\n" + merge : "");
        files.forEach((path, text) ->
                data(stream.append("M 100644 inline ").append(path).append('\n'), text));
        TestGit.output(
                bare,
                stream.append("done\n").toString().getBytes(StandardCharsets.UTF_8),
                "fast-import",
                "--quiet",
                "--done",
                "--date-format=now");
    }

    private static void data(StringBuilder stream, String text) {
        stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
    }
}
