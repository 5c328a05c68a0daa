package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.registry.PolicyViolationException;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.ScanPendingException;

/** The requirement of a gate that the registries have its images. */
final class RegistryCheck {

    private RegistryCheck() {}

    /**
     * The images are there, their scan is done and finds no more than may be. An image that no registry connection covers
     * passes, and the reason says so.
     */
    static CheckResult ask(Gate gate, ReleaseVerification verification, GateReads reads) {
        Release release = new Release(((GateSubject.Promotion) gate.subject()).release(), null);
        try {
            return CheckResult.passed(PromotionChecks.REGISTRY, reads.verify(verification, release));
        } catch (ScanPendingException unfinished) {
            return CheckResult.pending(PromotionChecks.REGISTRY, unfinished.state(), null);
        } catch (RegistryException silent) {
            // The registry may be back in a moment: the gate need not say no.
            return CheckResult.pending(PromotionChecks.REGISTRY, silent.getMessage(), null);
        } catch (PolicyViolationException forbidden) {
            return CheckResult.failed(PromotionChecks.REGISTRY, forbidden.getMessage(), forbidden.details());
        } catch (GitOpsException refused) {
            return CheckResult.failed(PromotionChecks.REGISTRY, refused.getMessage());
        }
    }
}
