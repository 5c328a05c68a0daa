package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.promotion.Provenance;
import java.util.List;
import jenkins.model.Jenkins;

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
                List.of());
    }

    /** The run's address, or its name where Jenkins does not know its own address. */
    private static String address(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? run.getExternalizableId() : root + run.getUrl();
    }
}
