package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.registry.PolicyViolationException;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.ScanPendingException;
import java.util.Map;
import java.util.function.Supplier;

/** The requirement of a gate that the registries have its images and charts. */
final class RegistryCheck {

    private RegistryCheck() {}

    /**
     * The images and charts are there, the scan of each image is done and finds no more than may be. One that no registry
     * connection covers passes, and the reason says so.
     *
     * @param sources of the versions that are no images, asked for where there are any
     */
    static CheckResult ask(
            Gate gate,
            ReleaseVerification verification,
            GateReads reads,
            Supplier<Map<String, VersionSource>> sources) {
        Map<String, Version> versions = ((GateSubject.Promotion) gate.subject()).release();
        boolean imagesAlone = versions.values().stream().allMatch(ImageReference.class::isInstance);
        try {
            Release release = new Release(versions, null, imagesAlone ? Map.of() : sources.get());
            return CheckResult.passed(GateRequirements.REGISTRY, reads.verify(verification, release));
        } catch (ScanPendingException unfinished) {
            return CheckResult.pending(GateRequirements.REGISTRY, unfinished.state(), null);
        } catch (RegistryException silent) {
            // The registry may be back in a moment: the gate need not say no.
            return CheckResult.pending(GateRequirements.REGISTRY, silent.getMessage(), null);
        } catch (PolicyViolationException forbidden) {
            return CheckResult.failed(GateRequirements.REGISTRY, forbidden.getMessage(), forbidden.details());
        } catch (GitOpsException refused) {
            return CheckResult.failed(GateRequirements.REGISTRY, refused.getMessage());
        }
    }
}
