package io.jenkins.plugins.gitops.steps.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepContextStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gitopsChanges} in workspaces whose repositories {@code git} has made, on a stand-in for an agent. */
class ChangesStepTest {

    @TempDir
    private Path workspace;

    @TempDir
    private Path folder;

    private final AJob job = new AJob();
    private ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void begin() throws IOException {
        new StandIn().install();
        TestGit.run(workspace, "init", "--quiet", "--initial-branch=main");
        push("app/a.txt", "1");
    }

    @Test
    void theFirstRunCountsEveryFileAndTheNextWhatHasChangedSince() throws Exception {
        assertThat(kinds(job.run(), Map.of())).containsExactly("code");
        assertThat(log())
                .contains("Everything counts as changed, because no earlier run of this job was successful: code.");
        job.last().end(Result.SUCCESS);
        String built = TestGit.output(workspace, "rev-parse", "HEAD");
        push("k8s/a.yaml", "1");

        Map<?, ?> changes = changes(new ChangesStep(), job.run(), Map.of());

        assertThat(changes.get("kinds")).isEqualTo(List.of("config"));
        assertThat(changes.get("config")).isEqualTo(true);
        assertThat(changes.get("code")).isEqualTo(false);
        assertThat(changes.get("infrastructure")).isEqualTo(false);
        assertThat(changes.get("base")).isEqualTo(built);
        assertThat(changes.get("commit")).isEqualTo(TestGit.output(workspace, "rev-parse", "HEAD"));
        assertThat(changes.get("files")).isEqualTo(Map.of("config", List.of("k8s/a.yaml")));
        assertThat(log())
                .contains("Changes since " + built.substring(0, 7) + ", which #1 built: config.")
                .contains("  config: 1 file (k8s/a.yaml)");
    }

    @Test
    void whatAFailedRunHasNotBroughtToItsEndBelongsToTheNext() throws Exception {
        kinds(job.run(), Map.of());
        job.last().end(Result.SUCCESS);
        push("main.tf", "1");
        kinds(job.run(), Map.of());
        job.last().end(Result.FAILURE);
        push("app/b.txt", "1");
        kinds(job.run(), Map.of());
        job.last().end(Result.UNSTABLE);

        assertThat(kinds(job.run(), Map.of())).containsExactly("code", "infrastructure");
    }

    @Test
    void aRunThatLooksTwiceFindsTheSameOnce() throws Exception {
        ChangesStep step = new ChangesStep();
        step.setConfig(List.of("app/**"));
        Run<?, ?> run = job.run();

        assertThat(changes(step, run, Map.of()).get("kinds")).isEqualTo(List.of("config"));
        assertThat(kinds(run, Map.of())).containsExactly("config");
        assertThat(log()).contains("Changes as found before in this run: config.");
        push("main.tf", "1");
        assertThat(kinds(run, Map.of())).as("another commit").containsExactly("code", "infrastructure");
    }

    @Test
    void aPullRequestIsComparedWithItsTargetWhateverWasBuiltBefore() throws Exception {
        TestGit.run(workspace, "checkout", "--quiet", "-b", "PR-1");
        push("main.tf", "1");
        kinds(job.run(), Map.of());
        job.last().end(Result.SUCCESS);
        push("app/b.txt", "1");

        assertThat(kinds(job.run(), Map.of("CHANGE_TARGET", "main", "BRANCH_NAME", "PR-1")))
                .containsExactly("code", "infrastructure");
        assertThat(log()).contains("the target of the pull request");
    }

    /** The workspace stands for the server, and other folders for workspaces that the Git plugin has made for the branch source. */
    @Test
    void thePullRequestOfAMultibranchPipelineIsComparedWithItsTargetFromItsFirstRunOn() throws Exception {
        TestGit.run(workspace, "checkout", "--quiet", "-b", "feature");
        push("main.tf", "1");
        TestGit.run(workspace, "update-ref", "refs/pull/1/head", "feature");
        TestGit.run(workspace, "checkout", "--quiet", "main");
        push("k8s/a.yaml", "1");
        Map<String, String> variables = Map.of("CHANGE_ID", "1", "CHANGE_TARGET", "main", "BRANCH_NAME", "PR-1");
        String head = "+refs/pull/1/head:refs/remotes/origin/PR-1";

        Path merged = fetched("merged", head, "+refs/heads/main:refs/remotes/origin/main");
        TestGit.run(merged, "merge", "--quiet", "--no-edit", "origin/main");
        assertThat(kinds(new ChangesStep(), job.run(), variables, new FilePath(merged.toFile())))
                .containsExactly("infrastructure");
        assertThat(log()).contains("since it left main at ", "the target of the pull request");

        Path alone = fetched("alone", head);
        assertThat(kinds(new ChangesStep(), job.run(), variables, new FilePath(alone.toFile())))
                .containsExactly("code", "infrastructure");
        assertThat(log())
                .contains(
                        "Everything counts as changed, because the checkout has no branch 'main' to compare with; have"
                                + " it fetched");
    }

    @Test
    void aRunOnAnotherAgentGoesOnFromWhatWasBuiltOnTheFirst() throws Exception {
        FilePath first = new FilePath(
                fetched("first", "+refs/heads/main:refs/remotes/origin/main").toFile());
        Run<?, ?> run = job.run();
        assertThat(kinds(new ChangesStep(), run, Map.of(), first)).containsExactly("code");
        job.last().end(Result.SUCCESS);
        push("main.tf", "1");
        FilePath second = new FilePath(
                fetched("second", "+refs/heads/main:refs/remotes/origin/main").toFile());

        Run<?, ?> next = job.run();
        assertThat(kinds(new ChangesStep(), next, Map.of(), second)).containsExactly("infrastructure");
        assertThat(log()).contains("which #1 built");

        FilePath without =
                new FilePath(Files.createDirectory(folder.resolve("without")).toFile());
        assertThat(kinds(new ChangesStep(), next, Map.of(), without))
                .as("a later stage on an agent that has not checked out anything")
                .containsExactly("infrastructure");
        assertThat(log()).contains("Changes as found before in this run: infrastructure.");
    }

    /** A workspace in which the server's refs were fetched, at the first of them. */
    private Path fetched(String name, String... refs) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        TestGit.run(made, "init", "--quiet");
        TestGit.run(made, "remote", "add", "origin", workspace.toString());
        List<String> fetch = new ArrayList<>(List.of("fetch", "--quiet", "origin"));
        fetch.addAll(List.of(refs));
        TestGit.run(made, fetch.toArray(String[]::new));
        TestGit.run(made, "checkout", "--quiet", "--detach", refs[0].replaceFirst(".*:", ""));
        return made;
    }

    @Test
    void theDeclaredBaseIsForOtherBranches() throws Exception {
        push("gitops-changes.yaml", "base: main\ncode: app/\n");
        kinds(job.run(), Map.of("BRANCH_NAME", "main"));
        job.last().end(Result.SUCCESS);
        TestGit.run(workspace, "checkout", "--quiet", "-b", "feature");
        push("main.tf", "1");

        assertThat(kinds(job.run(), Map.of("BRANCH_NAME", "feature"))).containsExactly("infrastructure");
        assertThat(log()).contains("since it left main at ");
        assertThat(kinds(job.run(), Map.of("GIT_BRANCH", "origin/main"))).containsExactly("infrastructure");
        assertThat(log()).contains("which #1 built");
    }

    @Test
    void aDeclarationThatIsWrongEndsTheStepWithItsLine() throws Exception {
        push("gitops-changes.yaml", "\ninfra: [terraform/**]\n");

        assertThatThrownBy(() -> kinds(job.run(), Map.of()))
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageStartingWith("gitops-changes.yaml:2: 'infra' is not known in the file");
    }

    @Test
    void aPatternThatMatchesNothingIsRefusedBeforeAnythingIsRead() {
        ChangesStep step = new ChangesStep();
        step.setInfrastructure(List.of("/terraform"));

        assertThatThrownBy(() -> changes(step, job.run(), Map.of()))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageStartingWith("'infrastructure': '/terraform' matches no file");
    }

    @Test
    void withoutAWorkspaceWhatTheRunFoundBeforeCounts() throws Exception {
        push("main.tf", "1");
        Run<?, ?> run = job.run();
        kinds(run, Map.of());

        assertThat(kinds(new ChangesStep(), run, Map.of(), null)).containsExactly("code", "infrastructure");
    }

    @Test
    void withoutARepositoryTheChangelogSinceTheLastSuccessCounts() throws Exception {
        Path empty = Files.createDirectory(workspace.resolve("empty"));
        job.run().end(Result.SUCCESS);
        job.run("terraform/main.tf").end(Result.FAILURE);

        assertThat(kinds(new ChangesStep(), job.run("k8s/a.yaml", "README.md"), Map.of(), new FilePath(empty.toFile())))
                .containsExactly("code", "config", "infrastructure");
        assertThat(log())
                .contains("There is no Git repository in the workspace", "Changes since #1, by the changelog: ");
        job.last().end(Result.SUCCESS);
        assertThat(kinds(new ChangesStep(), job.run("k8s/a.yaml"), Map.of(), null))
                .containsExactly("config");
    }

    @Test
    void withoutAChangelogEverythingCounts() throws Exception {
        job.run().end(Result.SUCCESS);

        assertThat(kinds(new ChangesStep(), job.run(), Map.of(), null))
                .containsExactly("code", "config", "infrastructure");
        assertThat(log()).contains("Everything counts as changed, because the changelog is empty");
    }

    @Test
    void theConditionAsksForAKindThatThereIs() throws Exception {
        assertThat(new ChangeCondition("code").holds(Map.of("kinds", List.of("code"))))
                .isTrue();
        assertThat(new ChangeCondition("config").holds(Map.of("kinds", List.of("code"))))
                .isFalse();
        assertThatThrownBy(() -> new ChangeCondition("infra").holds(Map.of("kinds", List.of())))
                .isInstanceOf(AbortException.class)
                .hasMessage("There is no kind of change 'infra' in gitopsChanges: declared are code, config,"
                        + " infrastructure.");
    }

    private List<Object> kinds(Run<?, ?> run, Map<String, String> environment) throws Exception {
        return new ArrayList<>(
                (List<?>) changes(new ChangesStep(), run, environment).get("kinds"));
    }

    private List<Object> kinds(ChangesStep step, Run<?, ?> run, Map<String, String> environment, FilePath place)
            throws Exception {
        return new ArrayList<>((List<?>) changes(step, run, environment, place).get("kinds"));
    }

    private Map<?, ?> changes(ChangesStep step, Run<?, ?> run, Map<String, String> environment) throws Exception {
        return changes(step, run, environment, new FilePath(workspace.toFile()));
    }

    private Map<?, ?> changes(ChangesStep step, Run<?, ?> run, Map<String, String> environment, FilePath place)
            throws Exception {
        log = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = () -> stream;
        EnvVars variables = new EnvVars();
        variables.putAll(environment);
        List<Object> available = new ArrayList<>(List.of(run, run.getParent(), listener, variables));
        available.add(StepContextStandIn.node());
        if (place != null) {
            available.add(place);
        }
        StepContextStandIn context = new StepContextStandIn(available);
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private void push(String file, String content) throws IOException {
        Path place = workspace.resolve(file);
        Files.createDirectories(place.getParent());
        Files.writeString(place, content);
        TestGit.run(workspace, "add", file);
        TestGit.run(workspace, "commit", "--quiet", "--message=Change " + file);
    }

    private static final class AJob extends Job<AJob, ARun> {

        private final List<ARun> runs = new ArrayList<>();

        AJob() {
            super(Jenkins.get(), "shop");
        }

        ARun run(String... changed) throws IOException {
            ARun run = new ARun(this, List.of(changed));
            run.number = runs.size() + 1;
            runs.add(run);
            return run;
        }

        ARun last() {
            return runs.get(runs.size() - 1);
        }
    }

    private static final class ARun extends Run<AJob, ARun> implements RunWithSCM<AJob, ARun> {

        private final List<String> changed;
        private Result result;

        ARun(AJob job, List<String> changed) throws IOException {
            super(job);
            this.changed = changed;
        }

        void end(Result ended) {
            result = ended;
        }

        @Override
        public Result getResult() {
            return result;
        }

        @Override
        public ARun getPreviousBuild() {
            return number == 1 ? null : getParent().runs.get(number - 2);
        }

        @Override
        public List<ChangeLogSet<? extends ChangeLogSet.Entry>> getChangeSets() {
            return changed.isEmpty() ? List.of() : List.of(new Changes(changed));
        }
    }

    private static final class Changes extends ChangeLogSet<Changes.Change> {

        private final List<String> changed;

        Changes(List<String> changed) {
            super(null, null);
            this.changed = changed;
        }

        @Override
        public boolean isEmptySet() {
            return changed.isEmpty();
        }

        @Override
        public Iterator<Change> iterator() {
            return List.of(new Change(changed)).iterator();
        }

        private static final class Change extends ChangeLogSet.Entry {

            private final List<String> changed;

            Change(List<String> changed) {
                this.changed = changed;
            }

            @Override
            public String getMsg() {
                return "Change something";
            }

            @Override
            public User getAuthor() {
                return User.getById("dora", true);
            }

            @Override
            public Collection<String> getAffectedPaths() {
                return changed;
            }
        }
    }
}
