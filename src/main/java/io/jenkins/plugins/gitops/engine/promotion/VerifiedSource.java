package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.verification.CheckProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where a release's source declares {@code verify}, healthy is not enough: the deployment history must say verified. Where it
 * does not, steps of a run may have spoken against the release all the same.
 */
final class VerifiedSource {

    private VerifiedSource() {}

    /** Whether a deployment proves its release: healthy, and verified where its environment declares that. */
    static boolean isProven(Target source, Deployment deployment) {
        return deployment.isGood()
                && (source.environment().verification().isEmpty() || deployment.outcome() == Outcome.VERIFIED);
    }

    /**
     * The result of a look at the source, unless it declares checks and the release has not passed them, or one has failed.
     *
     * @param healthy what holds where they have passed, or there are none
     */
    static CheckResult require(
            CheckResult healthy, Target source, String commit, Map<String, Version> release, Supplier<Ledger> ledger) {
        if (healthy.state() != CheckResult.State.PASSED) {
            return healthy;
        }
        Optional<Deployment> deployment = find(source, commit, release, ledger.get());
        Outcome outcome = deployment.map(Deployment::outcome).orElse(Outcome.UNKNOWN);
        List<String> lines = deployment.map(Deployment::checks).orElse(List.of());
        return switch (outcome) {
            case VERIFIED ->
                new CheckResult(
                        healthy.check(), CheckResult.State.PASSED, healthy.reason() + "; verified", null, lines);
            case VERIFICATION_FAILED ->
                CheckResult.failed(healthy.check(), "its verification in " + source + " failed", lines);
            case UNKNOWN, HEALTHY, FAILED, TIMED_OUT, SUPERSEDED ->
                source.environment().verification().isEmpty()
                        ? healthy
                        : CheckResult.pending(healthy.check(), "is not verified in " + source + " yet", null);
        };
    }

    /**
     * The same before a gate is opened.
     *
     * @throws RefusedException if the release is not verified where its source declares checks
     */
    static SourceRelease require(SourceRelease release, Supplier<Ledger> ledger) {
        CheckResult result = require(
                CheckResult.passed(GateRequirements.SOURCE, ""),
                release.target(),
                release.commit(),
                release.images(),
                ledger);
        if (result.state() != CheckResult.State.PASSED) {
            throw new RefusedException("The release in " + release.target() + " is not verified (" + result.reason()
                    + (result.details().isEmpty() ? "" : ": " + String.join("; ", result.details()))
                    + "): wait there with gitopsAwaitSync until its checks have passed, and promote again.");
        }
        return release;
    }

    private static Optional<Deployment> find(
            Target source, String commit, Map<String, Version> release, Ledger ledger) {
        return ledger.of(source.application().name(), source.environment().name()).stream()
                .filter(deployment -> deployment.commit().equals(commit)
                        || deployment.images().equals(release))
                // What a rollback brought back was verified before.
                .filter(deployment -> deployment.kind() != Deployment.Kind.ROLLBACK
                        || deployment.outcome() == Outcome.VERIFIED
                        || deployment.outcome() == Outcome.VERIFICATION_FAILED)
                .findFirst();
    }

    /**
     * The items of a checklist that checks of the source's verification tick.
     *
     * @param evidence item to the check that ticks it
     * @param there deployments of the release in its source, newest first
     */
    static CheckResult evidence(Map<String, String> evidence, Stream<Deployment> there) {
        List<String> lines = there.map(Deployment::checks)
                .filter(checks -> !checks.isEmpty())
                .findFirst()
                .orElse(List.of());
        List<String> details = new ArrayList<>();
        List<String> open = new ArrayList<>();
        evidence.forEach((item, check) -> {
            Optional<String> line =
                    lines.stream().filter(one -> one.startsWith(check + " ")).findFirst();
            details.add(item + ": " + line.orElse(check + " has not been recorded"));
            if (line.filter(one -> CheckProgress.isPassed(check, one)).isEmpty()) {
                open.add(item + " (check '" + check + "')");
            }
        });
        return open.isEmpty()
                ? new CheckResult(
                        Gate.CHECKLIST,
                        CheckResult.State.PASSED,
                        evidence.size() + " of " + evidence.size() + " shown by checks",
                        null,
                        details)
                : new CheckResult(
                        Gate.CHECKLIST,
                        lines.isEmpty() ? CheckResult.State.PENDING : CheckResult.State.FAILED,
                        "not shown by checks: " + String.join("; ", open),
                        null,
                        details);
    }

    /**
     * Of a version that somebody named, what the deployment history says; what runs there now does not matter.
     *
     * @param there deployments of the release in its source, newest first
     */
    static CheckResult chosen(Target source, GateSubject.Promotion subject, List<Deployment> there) {
        Optional<Deployment> rolledBack =
                there.stream().findFirst().filter(deployment -> deployment.rolledBackBy() != null);
        if (rolledBack.isPresent()) {
            return CheckResult.obsolete(
                    GateRequirements.SOURCE,
                    source + " was rolled back with commit "
                            + CommitInfo.abbreviate(
                                    String.valueOf(rolledBack.get().rolledBackBy())));
        }
        return there.stream()
                .filter(deployment -> isProven(source, deployment))
                .findFirst()
                .map(healthy -> CheckResult.passed(
                        GateRequirements.SOURCE,
                        "was live and healthy in " + source
                                + healthy.liveAt()
                                        .map(live -> " at " + Durations.time(live))
                                        .orElse("")))
                .orElseGet(() -> CheckResult.failed(
                        GateRequirements.SOURCE,
                        Release.text(subject.release()) + " is not known to have been healthy in " + source));
    }
}
