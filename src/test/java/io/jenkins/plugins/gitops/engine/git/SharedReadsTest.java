package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What repositories that are opened several times have in common. */
class SharedReadsTest {

    @TempDir
    Path directory;

    /** Every step opens the repository with its own form of messages. */
    @Test
    void thoseThatDifferInHowTheyCommitShareWhatIsRead() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("apps/f1", "x"));
            String commit = fixture.git("rev-parse", "main");
            ConfigRepository first = fixture.open().with(new CommitTemplate("A-1 {subject}", List.of()));
            first.at("main", commit, Progress.SILENT).file("apps/f1");
            fixture.server.forgetRequests();

            ConfigRepository second = fixture.open().with(new CommitTemplate("B-2 {subject}", List.of()));

            assertThat(second.reader()).isSameAs(first.reader());
            assertThat(second.at("main", commit, Progress.SILENT).file("apps/f1"))
                    .isPresent();
            assertThat(fixture.server.requests()).isEmpty();
        }
    }
}
