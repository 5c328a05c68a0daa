package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.registry.PolicyViolationException;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.ScanPendingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A gate's look at the registry: the images are there, their scan is done and finds no more than may be. An image that no
 * registry connection covers passes, and the reason says so.
 */
record RegistryCheck(@NonNull ReleaseVerification verification) {

    private static final String ID = GateChecks.REGISTRY;

    @NonNull
    CheckResult answer(@NonNull Gate gate, @NonNull Instant now) {
        List<String> found = new ArrayList<>();
        try {
            verification.verify(new Release(((GateSubject.Promotion) gate.subject()).release(), null), found::add);
            return CheckResult.passed(ID, found.isEmpty() ? "no registry is asked" : String.join(" ", found));
        } catch (ScanPendingException unfinished) {
            return CheckResult.pending(ID, unfinished.state(), null);
        } catch (RegistryException silent) {
            // The registry may be back in a moment: the gate need not say no.
            return CheckResult.pending(ID, silent.getMessage(), null);
        } catch (PolicyViolationException forbidden) {
            return CheckResult.failed(ID, forbidden.getMessage(), forbidden.details());
        } catch (GitOpsException refused) {
            return CheckResult.failed(ID, refused.getMessage());
        }
    }
}
