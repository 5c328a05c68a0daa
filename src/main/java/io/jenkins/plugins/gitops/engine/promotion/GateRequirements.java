package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The requirements that a gate checks by itself: those of its definition, and those of every promotion. */
public final class GateRequirements {

    /** The release is live and healthy in its source, and was not rolled back there. */
    public static final String SOURCE = "source";

    /** It has been healthy there long enough. */
    public static final String SOAK = "soak";

    /** The target still runs what the plan saw. */
    public static final String TARGET = "target";

    /** No rollback of the target holds the release. */
    public static final String HOLD = "hold";

    /** The registry has the images, and they satisfy its policies. */
    public static final String REGISTRY = "registry";

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Liveness liveness;
    private final ReleaseVerification verification;
    private final CheckEndpoints endpoints;
    private final GateReads reads;
    private final Stops stops;

    /** @param reads shared by all gates */
    public GateRequirements(
            ConfigRepository repository,
            ManifestFiles editor,
            Liveness liveness,
            ReleaseVerification verification,
            CheckEndpoints endpoints,
            GateReads reads,
            Stops stops) {
        this.stops = stops;
        this.endpoints = endpoints;
        this.reads = reads;
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.liveness = liveness;
        this.verification = verification;
    }

    /** What a gate asks besides people. */
    public GateQuestions of(GateSubject.Promotion subject) {
        return new PromotionQuestions(this, subject, repository, endpoints, reads, stops);
    }

    /** The checks of a gate, in the order in which the page shows them; of a hotfix without those that it skips. */
    List<GateCheck> of(GateDefinition definition, GateSubject.Promotion subject) {
        List<GateCheck> checks = new ArrayList<>();
        boolean soaks = definition.soak().compareTo(Duration.ZERO) > 0;
        switch (subject.origin()) {
            case LIVE -> {
                checks.add(GateCheck.of(SOURCE, this::verified));
                if (soaks) {
                    checks.add(GateCheck.of(SOAK, this::soak));
                }
            }
            case CHOSEN -> {
                if (!subject.sourceEnvironment().isEmpty()) {
                    checks.add(GateCheck.of(
                            SOURCE,
                            (gate, now) -> VerifiedSource.chosen(
                                    source(gate), subject, there(gate).toList())));
                    if (soaks) {
                        checks.add(GateCheck.of(SOAK, this::soaked));
                    }
                } else if (soaks) {
                    checks.add(GateCheck.of(SOAK, (gate, now) -> soakedNowhere(gate)));
                }
            }
            case ROLLBACK -> checks.add(GateCheck.of(SOURCE, (gate, now) -> earlier(gate)));
        }
        if (!definition.evidence().isEmpty()) {
            checks.add(
                    GateCheck.of(Gate.CHECKLIST, (gate, now) -> VerifiedSource.evidence(gate.evidence(), there(gate))));
        }
        checks.add(GateCheck.of(TARGET, (gate, now) -> target(gate)));
        checks.add(GateCheck.of(HOLD, (gate, now) -> hold(gate)));
        checks.add(new GateCheck(Gate.FREEZE, this::freeze));
        if (subject.origin() != GateSubject.Origin.ROLLBACK) {
            // A lock that stops rollbacks, too, stops the commit.
            checks.add(GateCheck.of(Gate.LOCK, (gate, now) -> lock(gate)));
        }
        if (HotfixReview.isRequired(definition, subject)) {
            checks.add(GateCheck.of(
                    HotfixReview.REQUIREMENT, (gate, now) -> HotfixReview.requirement(ledger(gate), subject, now)));
        }
        definition
                .checks()
                .forEach(declared ->
                        checks.add(new GateCheck(declared.name(), (gate, now) -> endpoints.ask(declared, gate))));
        if (verification.asksFor(subject.release())) {
            checks.add(GateCheck.of(
                    REGISTRY,
                    (gate, now) -> RegistryCheck.ask(
                            gate, verification, reads, () -> application(gate).versions())));
        }
        if (subject.procedure() == GateSubject.Procedure.HOTFIX) {
            Set<String> skips =
                    definition.hotfix().map(GateDefinition.Hotfix::skips).orElse(Set.of());
            checks.removeIf(check -> skips.contains(check.id()));
        }
        return checks;
    }

    /** How long a version that somebody named was healthy there, until something else was deployed. */
    private CheckResult soaked(Gate gate, Instant now) {
        Duration asked = gate.soak();
        List<Deployment> all =
                ledger(gate).of(promotion(gate).application(), promotion(gate).sourceEnvironment());
        CheckResult best =
                CheckResult.failed(SOAK, "was not healthy in " + source(gate) + " for " + Durations.text(asked));
        for (int at = 0; at < all.size(); at++) {
            Deployment deployment = all.get(at);
            if (!deployment.isGood() || deployment.liveAt().isEmpty() || !isOf(promotion(gate), deployment)) {
                continue;
            }
            Instant live = deployment.liveAt().get();
            Instant end = at == 0 ? now : all.get(at - 1).committedAt();
            if (!end.isBefore(live.plus(asked))) {
                return CheckResult.passed(
                        SOAK, "was healthy in " + source(gate) + " for " + Durations.text(Duration.between(live, end)));
            }
            if (at == 0) {
                best = CheckResult.pending(
                        SOAK,
                        "healthy in " + source(gate) + " since " + Durations.time(live) + ", needs "
                                + Durations.text(asked),
                        live.plus(asked));
            }
        }
        return best;
    }

    /** Of a hotfix that needs no deployment before the target, and may not skip that it was healthy there. */
    private CheckResult soakedNowhere(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        List<String> after =
                application(gate).environment(subject.environment()).after();
        return after.isEmpty()
                ? CheckResult.passed(SOAK, "nothing comes before " + subject.target())
                : CheckResult.failed(
                        SOAK,
                        "was not healthy in " + String.join(" or ", after) + " for "
                                + Durations.text(gate.definition().soak()));
    }

    /** Deployments of the release in its source, newest first. */
    private Stream<Deployment> there(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        return ledger(gate).of(subject.application(), subject.sourceEnvironment()).stream()
                .filter(deployment -> isOf(subject, deployment));
    }

    private static boolean isOf(GateSubject.Promotion subject, Deployment deployment) {
        return deployment.commit().equals(subject.sourceCommit())
                || deployment.images().equals(subject.release());
    }

    /** What is known of the release that a rollback brings back; whoever approves decides. */
    private CheckResult earlier(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        return there(gate)
                .filter(deployment -> deployment.outcome().isHealthy())
                .findFirst()
                .map(healthy -> CheckResult.passed(SOURCE, "was live and healthy in " + subject.target() + " before"))
                .orElseGet(() -> CheckResult.passed(SOURCE, "was never seen live and healthy in " + subject.target()));
    }

    private CheckResult verified(Gate gate, Instant now) {
        GateSubject.Promotion asked = promotion(gate);
        return VerifiedSource.require(
                source(gate, now), source(gate), asked.sourceCommit(), asked.release(), () -> ledger(gate));
    }

    private CheckResult source(Gate gate, Instant now) {
        Target source = source(gate);
        Liveness.State state = reads(gate).observe(liveness, source);
        if (state instanceof Liveness.State.Unwatched) {
            return CheckResult.passed(SOURCE, "Argo CD does not watch " + source);
        }
        if (state instanceof Liveness.State.NotHealthy not) {
            return CheckResult.failed(SOURCE, source + " is not healthy: " + not.reason());
        }
        Liveness.State.Healthy healthy = (Liveness.State.Healthy) state;
        if (runs(gate, source, healthy.commit())) {
            return CheckResult.passed(SOURCE, "live and healthy in " + source + newer(gate, source));
        }
        Optional<String> rolledBack = rollback(gate);
        return rolledBack.isPresent()
                ? CheckResult.obsolete(SOURCE, source + " was rolled back with commit " + rolledBack.get())
                : CheckResult.passed(SOURCE, "was healthy in " + source + ", which now runs another release");
    }

    /** Says so where the source's branch holds something else by now, which this promotion does not take along. */
    private String newer(Gate gate, Target source) {
        GateSubject.Promotion subject = promotion(gate);
        String branch = source.environment().branch().orElse(subject.defaultBranch());
        Map<String, Version> next = edit.images(
                reads(gate).tip(repository, branch),
                Bump.place(source.application(), source.environment().name()));
        return next.equals(subject.release())
                ? ""
                : "; not promoted: " + Release.text(next) + ", which the branch '" + branch + "' has now";
    }

    /** Counts as long as the release runs there; once long enough, it stays long enough. */
    private CheckResult soak(Gate gate, Instant now) {
        CheckResult before = gate.results().get(SOAK);
        if (before != null && before.state() == CheckResult.State.PASSED) {
            return before;
        }
        Target source = source(gate);
        Duration asked = gate.soak();
        if (!(reads(gate).observe(liveness, source) instanceof Liveness.State.Healthy healthy)) {
            return CheckResult.pending(SOAK, "needs " + Durations.text(asked) + " of health in " + source, null);
        }
        if (!runs(gate, source, healthy.commit())) {
            return CheckResult.failed(
                    SOAK, source + " replaced the release before it had been healthy for " + Durations.text(asked));
        }
        Instant since = healthy.since().orElse(gate.openedAt());
        Instant until = since.plus(asked);
        return now.isBefore(until)
                ? CheckResult.pending(
                        SOAK,
                        "healthy in " + source + " since " + Durations.time(since) + ", needs " + Durations.text(asked),
                        until)
                : CheckResult.passed(SOAK, "healthy in " + source + " since " + Durations.time(since));
    }

    private CheckResult target(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        Application application = application(gate);
        Snapshot tip = reads(gate).tip(repository, subject.branch());
        Map<String, Version> current = edit.images(tip, Bump.place(application, subject.environment()));
        return new DeclaredGate(new Target(application, application.environment(subject.environment())), subject)
                .refusal()
                .or(() -> subject.movedTo(current))
                .map(moved -> CheckResult.obsolete(TARGET, moved))
                .orElseGet(() -> CheckResult.passed(TARGET, "runs what the promotion was planned against"));
    }

    private CompletionStage<CheckResult> freeze(Gate gate, Instant now) {
        GateSubject.Promotion subject = promotion(gate);
        return stops.freeze(
                reads(gate).declaration(repository, subject.defaultBranch()),
                subject.application(),
                subject.environment(),
                gate.definition().freeze(),
                now);
    }

    private CheckResult lock(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        return stops.lock(reads(gate).locks(repository), subject.application(), subject.environment());
    }

    private CheckResult hold(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        if (subject.origin() == GateSubject.Origin.ROLLBACK) {
            return ledger(gate)
                    .holds(subject.application(), subject.environment())
                    .filter(hold -> subject.release()
                            .entrySet()
                            .containsAll(hold.release().entrySet()))
                    .findFirst()
                    .map(held -> CheckResult.passed(HOLD, held + "; this rollback brings it back"))
                    .orElseGet(() -> CheckResult.passed(HOLD, "no rollback holds this release"));
        }
        return ledger(gate)
                .hold(subject.application(), subject.environment(), subject.release())
                .map(held ->
                        CheckResult.failed(HOLD, held + "; lift the hold with a reason (gitopsRollback lift: '…')"))
                .orElseGet(() -> CheckResult.passed(HOLD, "no rollback holds this release"));
    }

    private boolean runs(Gate gate, Target source, String commit) {
        GateSubject.Promotion subject = promotion(gate);
        if (commit.equals(subject.sourceCommit())) {
            return true;
        }
        return held(gate, source, commit).equals(subject.release());
    }

    /**
     * The commit, shortened, that took the release back in its source, or that the source went back with to something
     * else; empty when it only moved forward.
     */
    private Optional<String> rollback(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        List<Deployment> there = ledger(gate).of(subject.application(), subject.sourceEnvironment());
        Optional<String> latest = there.stream()
                .findFirst()
                .filter(deployment -> deployment.kind() == Deployment.Kind.ROLLBACK)
                .map(Deployment::commit);
        return there.stream()
                .filter(deployment -> deployment.images().equals(subject.release()))
                .findFirst()
                .map(Deployment::rolledBackBy)
                .or(() -> latest)
                .map(CommitInfo::abbreviate);
    }

    private static GateSubject.Promotion promotion(Gate gate) {
        return (GateSubject.Promotion) gate.subject();
    }

    private GateReads reads(Gate gate) {
        return reads.since(gate.openedAt());
    }

    private Ledger ledger(Gate gate) {
        Ledger ledger = reads(gate).ledger(repository, promotion(gate).defaultBranch());
        GateSubject.Promotion subject = promotion(gate);
        return subject.sourceEnvironment().isEmpty() || !subject.release().containsKey(Carries.NAME)
                ? ledger
                : SourceReleases.knowing(
                        ledger, source(gate), subject.release(), commit -> held(gate, source(gate), commit));
    }

    /** What the files of the source held at a commit. */
    private Map<String, Version> held(Gate gate, Target source, String commit) {
        String branch = source.environment().branch().orElse(promotion(gate).defaultBranch());
        return edit.images(
                reads(gate).at(repository, branch, commit),
                Bump.place(source.application(), source.environment().name()));
    }

    private Target source(Gate gate) {
        Application application = application(gate);
        return new Target(application, application.environment(promotion(gate).sourceEnvironment()));
    }

    private Application application(Gate gate) {
        GateSubject.Promotion subject = promotion(gate);
        return reads(gate).declaration(repository, subject.defaultBranch()).application(subject.application());
    }
}
