package io.jenkins.plugins.gitops.pages.verification;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
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

    /** A sentence without its full stop. */
    private static String clause(String sentence) {
        return sentence.replaceFirst("\\.$", "");
    }
}
