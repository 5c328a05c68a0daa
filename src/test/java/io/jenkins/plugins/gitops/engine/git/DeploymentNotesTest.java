package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Remarks on deployments, written into a real repository; what the notes' ref does is in {@link NotesRefTest}. */
class DeploymentNotesTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;
    private String commit;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("app.yaml", "tag: 1\n"));
        commit = fixture.git("rev-parse", "main").strip();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void gitShowsWhatWasNotedAndEachRemarkStandsOnce() {
        DeploymentNotes notes = notes(fixture.open());
        notes.outcome("shop", "dev", commit, Outcome.FAILED, NOON, Progress.SILENT);
        notes.outcome("shop", "dev", commit, Outcome.HEALTHY, NOON, Progress.SILENT);
        notes.outcome("shop", "dev", commit, Outcome.HEALTHY, NOON, Progress.SILENT);

        assertThat(fixture.git("notes", "--ref=gitops", "show", commit))
                .isEqualTo("""
                    GitOps-Deployment: %1$s
                    GitOps-Application: shop
                    GitOps-Environment: dev
                    GitOps-Outcome: failed
                    GitOps-Deployment: %1$s
                    GitOps-Application: shop
                    GitOps-Environment: dev
                    GitOps-Outcome: healthy
                    GitOps-Live-At: 2026-03-02T12:00:00Z
                    """.formatted(commit).strip());
        assertThat(fixture.git("rev-list", "--count", DeploymentNotes.REF).strip())
                .isEqualTo("2");
        assertThat(fixture.git("rev-parse", "main").strip()).isEqualTo(commit);
        fixture.verify();
    }

    @Test
    void twoControllersThatNoteFirstAtTheSameTimeLoseNothing() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try (GitConfigRepositories other = new GitConfigRepositories(directory.resolve("other"))) {
            List<Callable<Void>> wishes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String environment = "env" + i;
                ConfigRepository repository = i % 2 == 0 ? fixture.open() : other.open(fixture.remote());
                wishes.add(() -> {
                    notes(repository).outcome("shop", environment, commit, Outcome.HEALTHY, NOON, Progress.SILENT);
                    return null;
                });
            }
            for (Future<Void> done : both.invokeAll(wishes)) {
                done.get();
            }
        } finally {
            both.shutdownNow();
        }

        assertThat(fixture.git("rev-list", "--count", DeploymentNotes.REF).strip())
                .isEqualTo("6");
        assertThat(fixture.git("notes", "--ref=gitops", "show", commit))
                .contains("env0", "env1", "env2", "env3", "env4", "env5");
    }

    private static DeploymentNotes notes(ConfigRepository repository) {
        return new DeploymentNotes(repository, ConfigRepositoryFixture.AUTHOR);
    }
}
