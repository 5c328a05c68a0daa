package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("apps/web/dev/kustomization.yaml", "tag: 1\n", "README.md", "hello\n"));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void aFileIsChangedAndNothingElse() {
        String before = fixture.git("ls-tree", "-r", "main");

        CommitOutcome outcome = fixture.commit(request("b-1", write("apps/web/dev/kustomization.yaml", "tag: 2\n")));

        assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(outcome.commit()).isEqualTo(fixture.git("rev-parse", "main"));
        assertThat(fixture.onServer("apps/web/dev/kustomization.yaml")).isEqualTo("tag: 2");
        assertThat(fixture.git("diff", "--name-only", "main~1", "main")).isEqualTo("apps/web/dev/kustomization.yaml");
        assertThat(fixture.git("ls-tree", "-r", "main~1")).isEqualTo(before);
        fixture.verify();
    }

    @Test
    void aWarmBumpIsTwoRequests() {
        fixture.commit(request(append("apps/web/dev/kustomization.yaml", "a")));
        fixture.server.forgetRequests();

        fixture.commit(request(append("apps/web/dev/kustomization.yaml", "b")));

        assertThat(fixture.server.requests())
                .extracting(r -> r.method() + " " + r.path())
                .containsExactly("GET /config.git/info/refs", "POST /config.git/git-receive-pack");
    }

    @Test
    void aBranchMovedByPlainGitGetsTheEditOnTop() {
        fixture.commit(request(append("log", "first")));
        fixture.commitWithGit(Map.of("log", "rewritten\n", "other", "x\n"));

        fixture.commit(request(append("log", "second")));

        assertThat(fixture.onServer("log")).isEqualTo("rewritten\nsecond");
        fixture.verify();
    }

    @Test
    void theSameBumpIdIsCommittedOnce() {
        CommitOutcome first = fixture.commit(request("same", append("log", "x")));

        CommitOutcome second = fixture.commit(request("same", append("log", "x")));

        assertThat(second).isEqualTo(new CommitOutcome.AlreadyCommitted(first.commit()));
        assertThat(fixture.onServer("log")).isEqualTo("x");
    }

    @Test
    void theTipIsRead() {
        Snapshot tip = fixture.open().tip("main", Progress.SILENT);

        assertThat(tip.commit()).isEqualTo(fixture.git("rev-parse", "main"));
        assertThat(tip.file("README.md"))
                .hasValueSatisfying(content ->
                        assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("hello\n"));
        assertThat(tip.file("apps/none")).isEmpty();
    }
}
