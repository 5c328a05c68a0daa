package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's remarks on commits, kept as Git notes beside the branches. */
class NotesRefTest {

    private static final String NOTES = "refs/notes/gitops";
    private static final HistoryQuery EVERYTHING = new HistoryQuery(commit -> true, 100, 100);

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;
    private String noted;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("README.md", "hello\n"));
        noted = fixture.git("rev-parse", "main");
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private CommitOutcome note(String bumpId, Function<Snapshot, Map<String, byte[]>> edit) {
        return fixture.commit(new CommitRequest(
                NOTES, bumpId, "Note " + bumpId, "", List.of(), ConfigRepositoryFixture.AUTHOR, edit));
    }

    @Test
    void theFirstNoteMakesTheRefAndGitReadsIt() {
        CommitOutcome outcome = note("n-1", tip -> {
            assertThat(tip.file(noted)).isEmpty();
            return write(noted, "live\n").apply(tip);
        });

        assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(fixture.git("notes", "--ref=gitops", "show", noted)).isEqualTo("live");
        assertThat(fixture.git("rev-list", "--count", NOTES)).isEqualTo("1");
        assertThat(fixture.git("rev-parse", "main")).isEqualTo(noted);
        fixture.verify();
    }

    @Test
    void laterNotesGoOnTopAndTheSameOneOnlyOnce() {
        note("n-1", write(noted, "live\n"));
        note("n-2", write(noted, "rolled back\n"));
        CommitOutcome again = note("n-2", write(noted, "rolled back\n"));

        assertThat(again).isInstanceOf(CommitOutcome.AlreadyCommitted.class);
        assertThat(fixture.git("rev-list", "--count", NOTES)).isEqualTo("2");
        assertThat(fixture.open().history(NOTES, EVERYTHING, Progress.SILENT))
                .extracting(commit -> commit.message().lines().findFirst().orElseThrow())
                .containsExactly("Note n-2", "Note n-1");
        fixture.verify();
    }

    @Test
    void nothingToNoteMakesNoRef() {
        assertThat(note("n-1", tip -> Map.of())).isInstanceOf(CommitOutcome.Unchanged.class);

        assertThat(fixture.git("for-each-ref", "refs/notes")).isEmpty();
    }

    @Test
    void aMissingRefIsToldApartWhenRead() {
        assertThatThrownBy(() -> fixture.open().history(NOTES, EVERYTHING, Progress.SILENT))
                .isInstanceOf(BranchMissingException.class);
        assertThatThrownBy(() -> fixture.open().tip("nowhere", Progress.SILENT))
                .isInstanceOf(BranchMissingException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> fixture.commit(new CommitRequest(
                        "nowhere", "b", "Bump", "", List.of(), ConfigRepositoryFixture.AUTHOR, write("a", "b"))))
                .isInstanceOf(BranchMissingException.class);
    }
}
