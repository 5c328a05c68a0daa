package io.jenkins.plugins.gitops.engine.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a checkout is compared with. {@code git} has made one repository with a branch for each commit that a test needs, and one
 * clone of it; a test has a copy of the clone, at its commit.
 */
class SourceRepositoryTest {

    @TempDir
    private static Path folder;

    private static Path clone;

    /** By branch. */
    private static Map<String, String> commits;

    @BeforeAll
    static void begin() throws IOException {
        Path origin = Files.createDirectory(folder.resolve("origin"));
        TestGit.run(origin, "init", "--quiet", "--bare", "--initial-branch=main");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= SourceRepository.MOST_FILES; i++) {
            many.append("M 100644 :1 f").append(i).append('\n');
        }
        String history = "blob\nmark :1\n" + data("1")
                + commit("start", 10, "", "M 100644 :1 app/a.txt\n")
                + commit("main", 11, "from :10\n", "M 100644 :1 main.tf\n")
                + commit("moved-1", 20, "from :10\n", "M 100644 :1 k8s/a.yaml\n")
                + commit("moved-2", 21, "from :20\n", "R app/a.txt app/b.txt\n")
                + commit("moved", 22, "from :21\n", "M 100644 :1 main.tf\n")
                + commit("before-merge", 30, "from :10\n", "M 100644 :1 app/c.txt\n")
                + commit("merged", 31, "from :30\nmerge :11\n", "M 100644 :1 main.tf\n")
                + commit("reverted", 40, "from :11\n", "D main.tf\n")
                + commit("feature", 50, "from :10\n", "M 100644 :1 k8s/a.yaml\n")
                + commit("feature-merged", 51, "from :50\nmerge :11\n", "M 100644 :1 main.tf\n")
                + commit("declared", 60, "from :10\n", "M 100644 inline gitops-changes.yaml\n" + data("base: main\n"))
                + commit("many", 70, "from :10\n", many.toString());
        TestGit.output(origin, history.getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet");
        commits = TestGit.output(origin, "for-each-ref", "--format=%(refname:short) %(objectname)")
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        clone = folder.resolve("clone");
        TestGit.run(
                folder,
                "clone",
                "--quiet",
                "--no-local",
                "--no-checkout",
                "--template=",
                origin.toString(),
                clone.toString());
    }

    private static String commit(String branch, int mark, String parents, String files) {
        return "commit refs/heads/" + branch + "\nmark :" + mark
                + "\ncommitter Plain Git <git@example.com> 17760000" + mark + " +0000\n" + data("Change") + parents
                + files;
    }

    private static String data(String content) {
        return "data " + content.length() + "\n" + content + "\n";
    }

    @Test
    void theFilesSinceTheCommitOfTheLastSuccessfulRunHaveChanged() throws Exception {
        ChangedFiles files = compare(checkout("moved"), previous("start"));

        assertThat(files.paths()).containsExactlyInAnyOrder("app/a.txt", "app/b.txt", "k8s/a.yaml", "main.tf");
        assertThat(files.base()).isEqualTo(commits.get("start"));
        assertThat(files.isKnown()).isTrue();
        assertThat(files.against()).isEqualTo("since " + shortened("start") + ", which #1 built");
    }

    @Test
    void withoutAnEarlierRunEveryFileHasChanged() throws Exception {
        ChangedFiles files = compare(checkout("start"), new ComparisonBase(null, false, null, null));

        assertThat(files.paths()).containsExactly("app/a.txt");
        assertThat(files.isKnown()).isFalse();
        assertThat(files.against()).isEqualTo("no earlier run of this job was successful");
    }

    @Test
    void aMergeBringsWhatItsBranchChanged() throws Exception {
        assertThat(compare(checkout("merged"), previous("before-merge")).paths())
                .containsExactly("main.tf");
    }

    @Test
    void aRevertedChangeIsNone() throws Exception {
        assertThat(compare(checkout("reverted"), previous("start")).paths()).isEmpty();
    }

    @Test
    void aPullRequestIsComparedWithWhereItLeftItsTarget() throws Exception {
        ComparisonBase target = new ComparisonBase("main", true, commits.get("start"), "#1");

        ChangedFiles files = compare(checkout("feature"), target);

        assertThat(files.paths()).containsExactly("k8s/a.yaml");
        assertThat(files.against())
                .isEqualTo("since it left main at " + shortened("start") + ", the target of the pull request");
        assertThat(compare(checkout("feature-merged"), target).paths())
                .as("merged with its target, as Jenkins builds it")
                .containsExactly("k8s/a.yaml");
    }

    @Test
    void aPullRequestThatIsInItsTargetAlreadyChangesNothing() throws Exception {
        assertThat(compare(checkout("main"), new ComparisonBase("main", true, null, null))
                        .paths())
                .isEmpty();
    }

    @Test
    void aBranchIsComparedWithItsBaseAndTheBaseItselfWithItsLastRun() throws Exception {
        ComparisonBase base = new ComparisonBase("main", false, null, null);

        assertThat(compare(checkout("feature"), base).paths()).containsExactly("k8s/a.yaml");
        assertThat(compare(checkout("main"), base).isKnown()).isFalse();
    }

    @Test
    void aTargetThatWasNotFetchedIsNamed() throws Exception {
        ChangedFiles files = compare(checkout("main"), new ComparisonBase("release/1", true, null, null));

        assertThat(files.isKnown()).isFalse();
        assertThat(files.against())
                .isEqualTo(
                        "the checkout has no branch 'release/1' to compare with; have it fetched, for example with the"
                                + " refspec +refs/heads/release/1:refs/remotes/origin/release/1");
    }

    @Test
    void aForcePushIsComparedWithWhatWasBuiltWhereItIsStillThere() throws Exception {
        ChangedFiles known = compare(checkout("before-merge"), previous("main"));
        assertThat(known.paths()).as("also what is gone").containsExactly("app/c.txt", "main.tf");
        assertThat(known.against()).contains("not in this history");

        ChangedFiles unknown =
                compare(checkout("before-merge"), new ComparisonBase(null, false, "0123456789".repeat(4), "#1"));
        assertThat(unknown.isKnown()).isFalse();
        assertThat(unknown.paths()).containsExactly("app/a.txt", "app/c.txt");
        assertThat(unknown.against()).contains("the branch was force-pushed, or the clone is too shallow");
    }

    @Test
    void aShallowCloneWithoutTheBaseIsNotKnown() throws Exception {
        Path workspace = folder.resolve("shallow");
        TestGit.run(
                folder, "clone", "--quiet", "--depth=1", "file://" + folder.resolve("origin"), workspace.toString());

        assertThat(compare(workspace, previous("start")).isKnown()).isFalse();
    }

    @Test
    void theCheckoutSaysWhatItIsWithoutCredentials() throws Exception {
        Path workspace = checkout("declared");
        Path config = workspace.resolve(".git/config");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(folder.resolve("origin").toString(), "https://dora:secret@git.example.org/shop.git"));
        Files.writeString(workspace.resolve("gitops-changes.yaml"), "base: other\n");

        SourceCheckout checkout = look(Files.createDirectory(workspace.resolve("app")), workspace);

        assertThat(checkout.repository()).isEqualTo("https://git.example.org/shop.git");
        assertThat(checkout.commit()).isEqualTo(commits.get("declared"));
        assertThat(checkout.rules()).as("as committed").isEqualTo("base: main\n");
    }

    @Test
    void noRepositoryIsLookedForAboveTheWorkspace() throws Exception {
        Path workspace = Files.createDirectory(checkout("start").resolve("workspace"));

        assertThat(SourceRepository.of(workspace.toFile(), workspace.toFile())).isEmpty();
        assertThat(SourceRepository.of(workspace.toFile(), null)).isEmpty();
    }

    @Test
    void moreFilesThanAreToldApartAreCut() throws Exception {
        ChangedFiles files = compare(checkout("many"), previous("start"));

        assertThat(files.isCut()).isTrue();
        assertThat(ChangeSummary.of(ChangeRules.DEFAULT, files.paths(), true).kinds())
                .containsExactly(ChangeKind.values());
    }

    private static ComparisonBase previous(String branch) {
        return new ComparisonBase(null, false, commits.get(branch), "#1");
    }

    private static String shortened(String branch) {
        return commits.get(branch).substring(0, 7);
    }

    private static ChangedFiles compare(Path workspace, ComparisonBase base) throws IOException {
        try (SourceRepository repository =
                SourceRepository.of(workspace.toFile(), null).orElseThrow()) {
            return repository.compare(base);
        }
    }

    private static SourceCheckout look(Path directory, Path top) throws IOException {
        try (SourceRepository repository =
                SourceRepository.of(directory.toFile(), top.toFile()).orElseThrow()) {
            return repository.checkout();
        }
    }

    /** As Jenkins leaves it: at a commit and not at a branch. */
    private static Path checkout(String branch) throws IOException {
        Path workspace = Files.createTempDirectory(folder, branch);
        try (Stream<Path> files = Files.walk(clone)) {
            for (Path file : (Iterable<Path>) files.skip(1)::iterator) {
                Files.copy(file, workspace.resolve(clone.relativize(file).toString()));
            }
        }
        Files.writeString(workspace.resolve(".git/HEAD"), commits.get(branch) + "\n");
        return workspace;
    }
}
