package io.jenkins.plugins.gitops.pages.verification;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.verification.CheckProbe;
import io.jenkins.plugins.gitops.engine.verification.HttpProbe;
import io.jenkins.plugins.gitops.engine.verification.PrometheusProbe;
import io.jenkins.plugins.gitops.engine.verification.Sample;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What looks at the release, for each kind of check. */
final class CheckProbes {

    private CheckProbes() {}

    /** By the names of the checks; one that this version does not know has none. */
    static Map<String, CheckProbe> of(Verification verification, ReleaseVerifications records) {
        Map<String, CheckProbe> probes = new HashMap<>();
        verification.definition().checks().forEach(check -> probes.put(check.name(), of(check, verification, records)));
        return probes;
    }

    private static CheckProbe of(Check check, Verification verification, ReleaseVerifications records) {
        if (check instanceof Pipeline steps) {
            return of(steps);
        }
        if (check instanceof JenkinsJob job) {
            return new JobProbe(job, VerificationBuild.of(verification, job), records);
        }
        if (check instanceof Http http) {
            GitOpsServices services = GitOpsServices.get();
            return new HttpProbe(
                    http, services.clients(), services.verificationHttp(), services.checkEndpoints()::refusal);
        }
        Prometheus prometheus = (Prometheus) check;
        return () -> {
            try {
                // Each time as it is configured then: a wrong address or password is mended while it waits.
                return new PrometheusProbe(prometheus, GitOpsSettings.prometheus(prometheus.connection())).look();
            } catch (UnknownNameException unknown) {
                return CompletableFuture.completedFuture(
                        new Sample(Sample.Kind.IMPOSSIBLE, clause(unknown.getMessage())));
            }
        };
    }

    static CheckProbe of(Pipeline steps) {
        return () -> CompletableFuture.completedFuture(look(steps));
    }

    /** Whether the run that has the steps still exists and goes on. */
    static boolean isRunning(Pipeline steps) {
        Run<?, ?> run = Run.fromExternalizableId(steps.run());
        return run != null && run.isBuilding();
    }

    /** The steps themselves say how they end; a run that was killed or deleted does not. */
    private static Sample look(Pipeline steps) {
        return isRunning(steps)
                ? new Sample(Sample.Kind.MISSED, steps.run() + " is running")
                : new Sample(Sample.Kind.ABORTED, steps.run() + " has ended without a result");
    }

    /** A sentence without its full stop. */
    private static String clause(String sentence) {
        return sentence.replaceFirst("\\.$", "");
    }
}
