package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.AUTHOR;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that want commit messages of a certain form. */
class CommitTemplateTest {

    private static final Trailer SIGNED_OFF = CommitTemplate.trailer("Signed-off-by: Jenkins <jenkins@example.com>");

    @TempDir
    private Path directory;

    /** The hook is that of case 21, and asks for a Signed-off-by besides. */
    @Test
    void aServerThatRequiresATicketAndASignOffTakesTheCommitAndItsNote() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("log", ""));
            Path hook = Files.createDirectories(fixture.bare.resolve("hooks")).resolve("pre-receive");
            Files.writeString(hook, """
                #!/bin/bash
                while read o n r; do
                  git log -1 --format=%s $n | grep -qE '[A-Z]+-[0-9]+' || { echo 'Commit message does not follow the pattern [A-Z]+-[0-9]+' >&2; exit 1; }
                  git log -1 --format=%b $n | grep -q '^Signed-off-by: ' || { echo 'No Signed-off-by' >&2; exit 1; }
                done
                """);
            assertThat(hook.toFile().setExecutable(true)).isTrue();
            assertThatThrownBy(() -> fixture.commit(request(append("log", "a"))))
                    .hasMessageContaining("Commit message does not follow the pattern");
            ConfigRepository repository =
                    fixture.open().with(new CommitTemplate("SHOP-42 {subject}", List.of(SIGNED_OFF)));

            repository.commit(request("b-1", append("log", "a")), Progress.SILENT);
            repository.commit(
                    new CommitRequest(
                            "refs/notes/gitops", "n-1", "Note", "", List.of(), AUTHOR, append("n", "healthy")),
                    Progress.SILENT);

            assertThat(fixture.git("log", "-1", "--format=%s", "main")).isEqualTo("SHOP-42 Bump b-1");
            assertThat(fixture.git("log", "-1", "--format=%(trailers:only)", "main"))
                    .contains("Signed-off-by: Jenkins <jenkins@example.com>")
                    .contains("GitOps-Bump-Id: b-1");
            assertThat(fixture.git("log", "-1", "--format=%s", "refs/notes/gitops"))
                    .isEqualTo("SHOP-42 Note");
            assertThat(repository.commit(request("b-1", append("log", "a")), Progress.SILENT))
                    .as("the id is found whatever the subject is")
                    .isInstanceOf(CommitOutcome.AlreadyCommitted.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        [skip ci] {subject}                              | [skip ci] Bump api to 1.2.0
        chore(gitops): {application} {environment}       | chore(gitops): shop dev, staging
        OPS-7: {images}                                  | OPS-7: api 1.2.0, worker sha256:0123456789ab
        """)
    void placeholdersAreFilledIn(String template, String subject) {
        CommitRequest request = new CommitRequest(
                "main",
                "b",
                "Bump api to 1.2.0",
                "",
                List.of(
                        new Trailer("GitOps-Application", "shop"),
                        new Trailer("GitOps-Environment", "dev"),
                        new Trailer("GitOps-Environment", "staging"),
                        new Trailer("GitOps-Image", "api=localhost:5000/acme/api:1.2.0@sha256:" + "a".repeat(64)),
                        new Trailer("GitOps-Image", "worker=ghcr.io/acme/worker@sha256:0123456789abcdef")),
                AUTHOR,
                append("log", "a"));

        assertThat(request.with(new CommitTemplate(template, List.of())).subject())
                .isEqualTo(subject);
    }

    /** A note deploys nothing: what is left of the template would be no subject. */
    @Test
    void aSubjectThatWouldBeEmptyIsThePluginsOwn() {
        CommitRequest note = request("n", append("log", "a"));

        assertThat(note.with(new CommitTemplate("{images}", List.of())).subject())
                .isEqualTo("Bump n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines", "one\u2028more", "{tickets}", "{}"})
    void whatIsNoSubjectIsRefused(String subject) {
        assertThatThrownBy(() -> new CommitTemplate(subject, List.of()))
                .isInstanceOf(RepositoryException.class)
                .hasMessageStartingWith("The subject of commits ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Signed-off-by", "Signed-off-by:", ": value", "a key: value", "Key: a\rb"})
    void whatIsNoTrailerIsRefused(String line) {
        assertThatThrownBy(() -> CommitTemplate.trailer(line))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("is not a trailer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feature/SHOP-42-faster-cart   | SHOP-42
        SHOP-1-and-OPS-2              | SHOP-1
        main                          |
        shop-42                       |
        """)
    void theTicketIsFoundInTheBranch(String branch, String ticket) {
        assertThat(CommitTemplate.ticket(null, CommitTemplate.TICKETS, branch))
                .isEqualTo(Optional.ofNullable(ticket).map(found -> new Trailer("GitOps-Ticket", found)));
        assertThat(CommitTemplate.ticket("OPS-7", CommitTemplate.TICKETS, branch))
                .contains(new Trailer("GitOps-Ticket", "OPS-7"));
    }

    /** The step's own template is applied first, the one of the repository to what it gives. */
    @Test
    void theTicketOfAStepIsInTheSubjectOfBothTemplatesAndATrailer() {
        CommitTemplate step = new CommitTemplate(
                "deploy for {ticket}",
                CommitTemplate.ticket("SHOP-42", CommitTemplate.TICKETS, null).stream()
                        .toList());

        CommitRequest made =
                request("b", append("log", "a")).with(step).with(new CommitTemplate("[{ticket}] {subject}", List.of()));

        assertThat(made.subject()).isEqualTo("[SHOP-42] deploy for SHOP-42");
        assertThat(made.trailers()).contains(new Trailer("GitOps-Ticket", "SHOP-42"));
        assertThat(request("b", append("log", "a"))
                        .with(new CommitTemplate("{ticket} {subject}", List.of()))
                        .subject())
                .isEqualTo("Bump b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SHOP-1\nGitOps-Approved-By: mary", "SHOP-1\rx", "SHOP-1\u2028x"})
    void whatIsNoTicketIsRefused(String ticket) {
        assertThatThrownBy(() -> CommitTemplate.ticket(ticket, CommitTemplate.TICKETS, null))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("is not a ticket; write one line");
    }

    @Test
    void aPatternThatWouldNeverEndOrIsNoneIsRefused() {
        assertThatThrownBy(() -> CommitTemplate.ticket(null, ".*.*.*.*.*.*b", "a".repeat(100)))
                .hasMessageStartingWith("The pattern of tickets takes too long");
        assertThatThrownBy(() -> CommitTemplate.ticket(null, "(", "main"))
                .hasMessageContaining("is not a pattern of tickets");
        assertThat(CommitTemplate.ticket(null, ".*", "a\nGitOps-Approved-By: mary"))
                .as("one line")
                .contains(new Trailer("GitOps-Ticket", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GitOps-Approved-By: mary", "gitops-outcome: healthy", "GITOPS-Bump-Id: x"})
    void trailersThatTheLedgerReadsAreNobodyElses(String line) {
        assertThatThrownBy(() -> CommitTemplate.trailer(line)).hasMessageContaining("is the plugin's own");
    }
}
