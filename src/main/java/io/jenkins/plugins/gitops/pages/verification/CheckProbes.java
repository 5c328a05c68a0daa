package io.jenkins.plugins.gitops.pages.verification;

import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.KubernetesJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.verification.CheckProbe;
import io.jenkins.plugins.gitops.engine.verification.HttpProbe;
import io.jenkins.plugins.gitops.engine.verification.KubernetesJobProbe;
import io.jenkins.plugins.gitops.engine.verification.PrometheusProbe;
import io.jenkins.plugins.gitops.engine.verification.Sample;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.verification.Kept.StartedBuild;
import io.jenkins.plugins.gitops.security.RunIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What looks at the release, for each kind of check. */
final class CheckProbes {

    private final Verification verification;
    private final ReleaseVerifications records;
    private final Optional<OpenedRepository> open;

    /** @param open what a run has opened; empty after a restart */
    CheckProbes(Verification verification, ReleaseVerifications records, Optional<OpenedRepository> open) {
        this.verification = verification;
        this.records = records;
        this.open = open;
    }

    /** By the names of the checks; one that this version does not know has none. */
    Map<String, CheckProbe> all() {
        Map<String, CheckProbe> probes = new HashMap<>();
        verification.definition().checks().forEach(check -> probes.put(check.name(), of(check)));
        return probes;
    }

    private CheckProbe of(Check check) {
        if (check instanceof Pipeline steps) {
            return of(steps);
        }
        if (check instanceof JenkinsJob job) {
            return new JobProbe(job, VerificationBuild.of(verification, job), records);
        }
        if (check instanceof KubernetesJob job) {
            return new KubernetesJobProbe(
                    job,
                    verification,
                    new ClusterAccess(job),
                    GitOpsServices.get().clusterWorkers());
        }
        if (check instanceof Http http) {
            GitOpsServices services = GitOpsServices.get();
            return new HttpProbe(
                    http, services.clients(), services.verificationHttp(), services.checkEndpoints()::refusal);
        }
        if (check instanceof Alerts) {
            return () -> CompletableFuture.completedFuture(new Sample(Sample.Kind.GOOD, "no alert"));
        }
        Prometheus prometheus = (Prometheus) check;
        return () -> {
            try {
                // Each time as it is configured then: a wrong address or password is mended while it waits.
                return new PrometheusProbe(prometheus, GitOpsSettings.prometheus(prometheus.connection())).look();
            } catch (UnknownNameException unknown) {
                return CompletableFuture.completedFuture(Sample.impossible(unknown.clause()));
            }
        };
    }

    static CheckProbe of(Pipeline steps) {
        return () -> CompletableFuture.completedFuture(look(steps));
    }

    /** Whether the run that has the steps still exists and goes on. */
    static boolean isRunning(Pipeline steps) {
        return RunIdentity.find(steps.run()).filter(Run::isBuilding).isPresent();
    }

    /** The steps themselves say how they end; a run that was killed or deleted does not. */
    private static Sample look(Pipeline steps) {
        return isRunning(steps)
                ? Sample.missed(steps.run() + " is running")
                : new Sample(Sample.Kind.ABORTED, steps.run() + " has ended without a result");
    }

    /** What the Job of a check needs: asked for each time, as it is then. */
    private final class ClusterAccess implements KubernetesJobProbe.Access {

        private final KubernetesJob check;

        ClusterAccess(KubernetesJob check) {
            this.check = check;
        }

        private Kept kept() {
            return records.find(verification.deployed().id())
                    .orElseThrow(() -> new RefusedException(Messages.GatedOrders_jobDeleted()));
        }

        @Override
        public Optional<byte[]> file(String path) {
            Verification.Deployed deployed = verification.deployed();
            OpenedRepository opened = open.orElseGet(() -> kept().open());
            return opened.repository()
                    .at(deployed.branch(), deployed.commit(), Progress.SILENT)
                    .file(path);
        }

        @Override
        public KubernetesJobs cluster() {
            return GitOpsSettings.kubernetesJobs(
                    GitOpsSettings.item(kept().job(), Item.class).orElse(null), check.connection());
        }

        @Override
        public boolean wasCreated() {
            return records.find(verification.deployed().id())
                    .filter(kept -> kept.builds().containsKey(check.name()))
                    .isPresent();
        }

        @Override
        public void created(String job) {
            records.began(VerificationBuild.of(verification, check), new StartedBuild(job, 0));
        }
    }
}
