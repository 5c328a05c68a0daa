package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.gate.GateDesk;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.promotion.ArgoCdLiveness;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/** The engine's services that all steps of a controller share: one cache, one pool of threads, one clock. */
public interface Engines {

    /** Those of this controller. */
    @NonNull
    static Engines get() {
        return ExtensionList.lookupSingleton(Engines.class);
    }

    /** The same instance for the same address, so that bumps which wait for the same branch are committed in order. */
    @NonNull
    ConfigRepository repository(@NonNull Remote remote);

    @NonNull
    ManifestEditor manifests();

    /** Waits for Argo CD; connections are named as {@link GitOpsSettings#argoCdConnection} does. */
    @NonNull
    SyncWaits syncWaits();

    /** Where blocking work is done; bounded, so that many runs wait for a thread rather than for memory. */
    @NonNull
    ExecutorService workers();

    /** For short tasks at a time; a task that blocks belongs to {@link #workers()}. */
    @NonNull
    ScheduledExecutorService scheduler();

    @NonNull
    InstantSource clock();

    /** Asks endpoints that gates and webhooks name; does not follow redirects. */
    @NonNull
    HttpClient http();

    /** Every gate of this controller that has not ended. */
    @NonNull
    GateDesk gates();

    /** The deployment histories of this controller's config repositories. */
    @NonNull
    Ledgers ledgers();

    /** What runs in the targets of a config repository, through the Argo CD connections that a run may use. */
    @NonNull
    default Liveness liveness(@NonNull Run<?, ?> run, @NonNull OpenedRepository repository) {
        return new ArgoCdLiveness(
                syncWaits(), repository.url(), connection -> GitOpsSettings.argoCdConnection(run, connection));
    }

    /** What runs in the targets of a config repository, through the Argo CD connections that an item may use. */
    @NonNull
    default Liveness liveness(@NonNull Item item, @NonNull OpenedRepository repository) {
        return new ArgoCdLiveness(
                syncWaits(), repository.url(), connection -> GitOpsSettings.argoCdConnection(item, connection));
    }

    /** Looks at a release before it is committed, in the registries that a run may ask; its use of their credentials is recorded. */
    @NonNull
    default ReleaseVerification verification(@NonNull Run<?, ?> run) {
        return verification(run.getParent());
    }

    /** Looks at a release before it is committed, in the registries that an item may ask. */
    @NonNull
    default ReleaseVerification verification(@NonNull Item item) {
        return ReleaseVerification.NONE;
    }
}
