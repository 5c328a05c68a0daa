package io.jenkins.plugins.gitops.steps.changes;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.changes.ChangeRules;
import io.jenkins.plugins.gitops.engine.changes.ChangeRulesReader;
import io.jenkins.plugins.gitops.engine.changes.ChangeSummary;
import io.jenkins.plugins.gitops.engine.changes.ChangedFiles;
import io.jenkins.plugins.gitops.engine.changes.ComparisonBase;
import io.jenkins.plugins.gitops.engine.changes.SourceCheckout;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.changes.ChangesRecord.Found;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Compares the trees of two commits in the workspace's repository. Without one it takes what the run has found before, and
 * else Jenkins' changelog. What cannot be known counts as changed, and the log says so.
 */
class ChangesExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final ChangesStep step;

    ChangesExecution(StepContext context, ChangesStep step) {
        super(context);
        this.step = step;
    }

    @Override
    protected void proceed() throws Exception {
        Run<?, ?> run = run();
        EnvVars environment = getContext().get(EnvVars.class);
        FilePath directory = getContext().get(FilePath.class);
        Workspace workspace = directory == null ? null : new Workspace(directory, environment.get("WORKSPACE"));
        SourceCheckout checkout = workspace == null ? SourceCheckout.NONE : workspace.checkout();
        String commit = checkout.commit();
        if (workspace == null || commit == null) {
            withoutRepository(run);
            return;
        }
        Optional<Found> before = step.isPlain() ? ChangesRecord.of(run, checkout.repository()) : Optional.empty();
        if (before.isPresent() && before.get().isOf(commit)) {
            asBefore(before.get());
            return;
        }
        String declared = checkout.rules();
        ChangeRules rules = step.over(
                declared == null
                        ? ChangeRules.DEFAULT
                        : ChangeRulesReader.read(declared.getBytes(StandardCharsets.UTF_8)));
        ChangedFiles files = workspace.compare(base(rules, environment, run, checkout.repository()));
        Found found = new Found(commit, files.base(), say(rules, files));
        ChangesRecord.remember(run, checkout.repository(), found);
        succeed(found.result());
    }

    private void withoutRepository(Run<?, ?> run) throws Exception {
        Optional<Found> before = ChangesRecord.latest(run);
        if (before.isPresent()) {
            asBefore(before.get());
            return;
        }
        progress()
                .say("There is no Git repository in the workspace; the changelog of Jenkins is used, without "
                        + ChangeRules.FILE + ".");
        ChangedFiles files = Changelog.read(run);
        succeed(new Found("", null, say(step.over(ChangeRules.DEFAULT), files)).result());
    }

    private void asBefore(Found before) throws Exception {
        progress().say("Changes as found before in this run: " + before + ".");
        succeed(before.result());
    }

    private ComparisonBase base(ChangeRules rules, EnvVars environment, Run<?, ?> run, String repository) {
        Optional<ChangesRecord.Built> previous = ChangesRecord.lastSuccessful(run, repository);
        String target = Util.fixEmptyAndTrim(environment.get("CHANGE_TARGET"));
        String built = Util.fixNull(environment.getOrDefault("BRANCH_NAME", environment.get("GIT_BRANCH")));
        return new ComparisonBase(
                target == null
                        ? rules.base().filter(name -> !isBranch(built, name)).orElse(null)
                        : target,
                target != null,
                previous.map(ChangesRecord.Built::commit).orElse(null),
                previous.map(ChangesRecord.Built::run).orElse(null));
    }

    /** The Git plugin puts the remote before the name. */
    private static boolean isBranch(String built, String name) {
        return built.equals(name) || built.equals("origin/" + name);
    }

    private ChangeSummary say(ChangeRules rules, ChangedFiles files) throws Exception {
        ChangeSummary summary = ChangeSummary.of(rules, files.paths(), files.isCut());
        progress()
                .say((files.isKnown() ? "Changes " : "Everything counts as changed, because ") + files.against() + ": "
                        + summary + ".");
        for (String line : summary.lines()) {
            progress().say("  " + line);
        }
        return summary;
    }

    @Override
    public String getStatus() {
        return Messages.ChangesExecution_status();
    }
}
