package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;

/** What a run knows about the origin of a change. */
public final class RunProvenance {

    private RunProvenance() {}

    /**
     * @param environment the step's environment: {@code GIT_COMMIT} is the source commit, as the Git plugin sets it
     */
    @NonNull
    public static Provenance of(@NonNull Run<?, ?> run, @NonNull EnvVars environment) {
        Cause.UserIdCause user = run.getCause(Cause.UserIdCause.class);
        return new Provenance(
                address(run),
                user == null ? null : user.getUserId(),
                        Util.fixEmptyAndTrim(environment.get("GIT_COMMIT")),
                        changeAuthors(run))
                .by(run.getParent().getFullName());
    }

    /** Ids of the users who wrote what the run checked out anew; Jenkins finds the user to each commit's author. */
    private static List<String> changeAuthors(Run<?, ?> run) {
        if (!(run instanceof RunWithSCM<?, ?> changed)) {
            return List.of();
        }
        Set<String> authors = new LinkedHashSet<>();
        for (ChangeLogSet<? extends ChangeLogSet.Entry> changes : changed.getChangeSets()) {
            for (ChangeLogSet.Entry change : changes) {
                authors.add(change.getAuthor().getId());
            }
        }
        return List.copyOf(authors);
    }

    /** The run's address, or its name where Jenkins does not know its own address. */
    private static String address(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? run.getExternalizableId() : root + run.getUrl();
    }
}
