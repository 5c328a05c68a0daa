package io.jenkins.plugins.gitops.engine.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkout is compared with; every repository is made by {@code git}. */
class SourceRepositoryTest {

    @TempDir
    private Path folder;

    private Path origin;
    private String start;

    @BeforeEach
    void begin() throws IOException {
        origin = Files.createDirectory(folder.resolve("origin"));
        TestGit.run(origin, "init", "--quiet", "--initial-branch=main");
        start = commit("app/a.txt", "1");
    }

    @Test
    void theFilesSinceTheCommitOfTheLastSuccessfulRunHaveChanged() throws Exception {
        commit("k8s/a.yaml", "1");
        TestGit.run(origin, "mv", "app/a.txt", "app/b.txt");
        commit("main.tf", "1");

        ChangedFiles files = compare(clone("main"), previous(start));

        assertThat(files.paths()).containsExactlyInAnyOrder("app/a.txt", "app/b.txt", "k8s/a.yaml", "main.tf");
        assertThat(files.base()).isEqualTo(start);
        assertThat(files.isKnown()).isTrue();
        assertThat(files.against()).isEqualTo("since " + start.substring(0, 7) + ", which #1 built");
    }

    @Test
    void withoutAnEarlierRunEveryFileHasChanged() throws Exception {
        ChangedFiles files = compare(clone("main"), new ComparisonBase(null, false, null, null));

        assertThat(files.paths()).containsExactly("app/a.txt");
        assertThat(files.isKnown()).isFalse();
        assertThat(files.against()).isEqualTo("no earlier run of this job was successful");
    }

    @Test
    void aMergeBringsWhatItsBranchChanged() throws Exception {
        TestGit.run(origin, "checkout", "--quiet", "-b", "feature");
        commit("main.tf", "1");
        TestGit.run(origin, "checkout", "--quiet", "main");
        String before = commit("app/c.txt", "1");
        TestGit.run(origin, "merge", "--quiet", "--no-ff", "-m", "Merge", "feature");

        assertThat(compare(clone("main"), previous(before)).paths()).containsExactly("main.tf");
    }

    @Test
    void aRevertedChangeIsNone() throws Exception {
        commit("main.tf", "1");
        TestGit.run(origin, "revert", "--no-edit", "HEAD");

        assertThat(compare(clone("main"), previous(start)).paths()).isEmpty();
    }

    @Test
    void aPullRequestIsComparedWithWhereItLeftItsTarget() throws Exception {
        TestGit.run(origin, "checkout", "--quiet", "-b", "feature");
        commit("k8s/a.yaml", "1");
        TestGit.run(origin, "checkout", "--quiet", "main");
        commit("main.tf", "1");
        Path workspace = clone("feature");

        ChangedFiles files = compare(workspace, new ComparisonBase("main", true, start, "#1"));

        assertThat(files.paths()).containsExactly("k8s/a.yaml");
        assertThat(files.against())
                .isEqualTo("since it left main at " + start.substring(0, 7) + ", the target of the pull request");

        TestGit.run(workspace, "merge", "--quiet", "-m", "Merge", "origin/main");
        assertThat(compare(workspace, new ComparisonBase("main", true, start, "#1"))
                        .paths())
                .as("merged with its target, as Jenkins builds it")
                .containsExactly("k8s/a.yaml");
    }

    @Test
    void aPullRequestThatIsInItsTargetAlreadyChangesNothing() throws Exception {
        assertThat(compare(clone("main"), new ComparisonBase("main", true, null, null))
                        .paths())
                .isEmpty();
    }

    @Test
    void aBranchIsComparedWithItsBaseAndTheBaseItselfWithItsLastRun() throws Exception {
        TestGit.run(origin, "checkout", "--quiet", "-b", "feature");
        commit("k8s/a.yaml", "1");

        assertThat(compare(clone("feature"), new ComparisonBase("main", false, null, null))
                        .paths())
                .containsExactly("k8s/a.yaml");
        assertThat(compare(clone("main"), new ComparisonBase("main", false, null, null))
                        .isKnown())
                .isFalse();
    }

    @Test
    void aTargetThatWasNotFetchedIsNamed() throws Exception {
        Path workspace = clone("main");
        TestGit.run(workspace, "update-ref", "-d", "refs/remotes/origin/release/1");

        ChangedFiles files = compare(workspace, new ComparisonBase("release/1", true, null, null));

        assertThat(files.isKnown()).isFalse();
        assertThat(files.against())
                .isEqualTo(
                        "the checkout has no branch 'release/1' to compare with; have it fetched, for example with the"
                                + " refspec +refs/heads/release/1:refs/remotes/origin/release/1");
    }

    @Test
    void aForcePushIsComparedWithWhatWasBuiltWhereItIsStillThere() throws Exception {
        String built = commit("main.tf", "1");
        Path workspace = clone("main");
        TestGit.run(origin, "reset", "--quiet", "--hard", start);
        commit("app/c.txt", "1");
        TestGit.run(workspace, "fetch", "--quiet", "origin");
        TestGit.run(workspace, "reset", "--quiet", "--hard", "origin/main");

        ChangedFiles known = compare(workspace, previous(built));
        assertThat(known.paths()).as("also what is gone").containsExactly("app/c.txt", "main.tf");
        assertThat(known.against()).contains("not in this history");

        ChangedFiles unknown = compare(clone("main"), previous(built));
        assertThat(unknown.isKnown()).isFalse();
        assertThat(unknown.paths()).containsExactly("app/a.txt", "app/c.txt");
        assertThat(unknown.against()).contains("the branch was force-pushed, or the clone is too shallow");
    }

    @Test
    void aShallowCloneWithoutTheBaseIsNotKnown() throws Exception {
        commit("main.tf", "1");
        Path workspace = folder.resolve("shallow");
        TestGit.run(folder, "clone", "--quiet", "--depth=1", "file://" + origin, workspace.toString());

        assertThat(compare(workspace, previous(start)).isKnown()).isFalse();
    }

    @Test
    void theCheckoutSaysWhatItIsWithoutCredentials() throws Exception {
        commit("gitops-changes.yaml", "base: main\n");
        Path workspace = clone("main");
        TestGit.run(workspace, "remote", "set-url", "origin", "https://dora:secret@git.example.org/shop.git");
        Files.writeString(workspace.resolve("gitops-changes.yaml"), "base: other\n");

        SourceCheckout checkout = checkout(workspace.resolve("app"), workspace);

        assertThat(checkout.repository()).isEqualTo("https://git.example.org/shop.git");
        assertThat(checkout.commit()).isEqualTo(TestGit.output(origin, "rev-parse", "HEAD"));
        assertThat(checkout.rules()).as("as committed").isEqualTo("base: main\n");
    }

    @Test
    void noRepositoryIsLookedForAboveTheWorkspace() throws Exception {
        Path workspace = Files.createDirectory(origin.resolve("workspace"));

        assertThat(SourceRepository.of(workspace.toFile(), workspace.toFile())).isEmpty();
        assertThat(SourceRepository.of(workspace.toFile(), null)).isEmpty();
    }

    @Test
    void moreFilesThanAreToldApartAreCut() throws Exception {
        StringBuilder tree = new StringBuilder();
        String blob = TestGit.output(origin, "hash-object", "-w", "app/a.txt");
        for (int i = 0; i <= SourceRepository.MOST_FILES; i++) {
            tree.append("100644 blob ")
                    .append(blob)
                    .append('\t')
                    .append("f")
                    .append(i)
                    .append('\n');
        }
        String id = TestGit.output(origin, tree.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8), "mktree");
        TestGit.run(origin, "update-ref", "HEAD", TestGit.output(origin, "commit-tree", "-m", "Many", id));

        ChangedFiles files = compare(origin, previous(start));

        assertThat(files.isCut()).isTrue();
        assertThat(ChangeSummary.of(ChangeRules.DEFAULT, files.paths(), true).kinds())
                .containsExactly(ChangeKind.values());
    }

    private static ComparisonBase previous(String commit) {
        return new ComparisonBase(null, false, commit, "#1");
    }

    private static ChangedFiles compare(Path workspace, ComparisonBase base) throws IOException {
        try (SourceRepository repository =
                SourceRepository.of(workspace.toFile(), null).orElseThrow()) {
            return repository.compare(base);
        }
    }

    private static SourceCheckout checkout(Path directory, Path top) throws IOException {
        try (SourceRepository repository =
                SourceRepository.of(directory.toFile(), top.toFile()).orElseThrow()) {
            return repository.checkout();
        }
    }

    private Path clone(String branch) {
        Path workspace = folder.resolve("clone-" + System.nanoTime());
        TestGit.run(
                folder, "clone", "--quiet", "--no-local", "--branch", branch, origin.toString(), workspace.toString());
        return workspace;
    }

    private String commit(String file, String content) throws IOException {
        Path place = origin.resolve(file);
        Files.createDirectories(place.getParent());
        Files.writeString(place, content);
        TestGit.run(origin, "add", "--all");
        TestGit.run(origin, "commit", "--quiet", "--message=Change " + file);
        return TestGit.output(origin, "rev-parse", "HEAD");
    }
}
