package io.jenkins.plugins.gitops.engine.promotion;

import com.google.common.util.concurrent.MoreExecutors;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Asked;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Decision;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Deployed;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Kind;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The engine as steps and pages drive it, in one thread and at the play's time, and a judge who is told of it. */
final class PlayedController {

    /** Nothing in a play waits: what is due is asked after each event. */
    private static final ScheduledExecutorService NEVER = new ScheduledThreadPoolExecutor(0) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return null;
        }
    };

    private static final CheckEndpoints ENDPOINTS =
            new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> Instant.EPOCH);

    private static final String URL = "https://git.example.org/config.git";

    private final PromotionPlay play;
    private final PromotionJudge judge;
    private final PlayedRelease release;
    private final MemoryRepository repository;
    private final Ledgers ledgers = new Ledgers();
    private final Stops stops;
    private final GateReads reads;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private Liveness.State dev = new Liveness.State.NotHealthy("nobody looked");
    private LiveGates gates;
    private Waiting justAsked;
    private int ids;

    /** A request at its gate, as its step keeps it. */
    final class Waiting implements GateOwner {

        private final Asked asked;
        private final Optional<Rollback.Request> rollback;
        private final List<GateEvent> stored = new ArrayList<>();
        private LiveGate live;

        Waiting(Asked asked, Optional<Rollback.Request> rollback) {
            this.asked = asked;
            this.rollback = rollback;
        }

        Asked asked() {
            return asked;
        }

        @Override
        public void append(GateEvent event) {
            stored.add(event);
            if (event instanceof GateEvent.Amended) {
                play.count("amended");
            }
            if (event instanceof GateEvent.Granted) {
                asked.granted = judge.unmet(asked, dev instanceof Liveness.State.Healthy, play.now());
                // Thrown from here it would be a check that failed, and logged.
                asked.granted.ifPresent(unmet -> play.broken(asked.gate + " was granted although " + unmet));
            }
        }
    }

    PlayedController(PromotionPlay play, PromotionJudge judge, MemoryRepository repository, PlayedRelease release) {
        this.release = release;
        this.play = play;
        this.judge = judge;
        this.repository = repository;
        this.stops = new Stops(play::now);
        this.reads = new GateReads(ledgers, play::now, Duration.ofSeconds(1), () -> Instant.MIN);
        this.gates = gates();
    }

    private LiveGates gates() {
        return new LiveGates(NEVER, MoreExecutors.newDirectExecutorService(), play::now, Duration.ofDays(1));
    }

    List<Waiting> waiting() {
        return List.copyOf(waiting.values());
    }

    Ledgers ledgers() {
        return ledgers;
    }

    /** What Argo CD says of dev. */
    void observes(Liveness.State state) {
        dev = state;
    }

    void bump(Map<String, String> versions, String author) {
        BumpResult made = new Bump(repository, new LineEditor(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of("dev")),
                                versions,
                                new Provenance(null, null, "5ource", List.of(author)),
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT);
        if (made.outcome() instanceof CommitOutcome.Committed) {
            play.check(!judge.isLocked("dev", false, play.now()), "bumped what is locked");
            String written = release.with(judge.runs.get("dev"), versions);
            judge.deploy("dev", new Deployed(made.commit(), written, Set.of(author), play.now()));
            play.say(() -> "dev has " + written + " by " + author + " " + made.commit());
        }
    }

    void promote(String environment, ReleaseChoice choice, boolean isHotfix, String starter, String healthyInDev) {
        Promotion.Plan plan = promotion()
                .plan(
                        new Promotion.Request(
                                "gate-" + ids++,
                                URL,
                                "main",
                                "shop",
                                environment,
                                null,
                                choice,
                                isHotfix ? "fire" : null,
                                startedBy(starter),
                                Shop.JENKINS),
                        Progress.SILENT);
        GateSubject.Promotion subject = plan.subject();
        Asked asked = new Asked(
                subject.gate(),
                choice instanceof ReleaseChoice.Live ? Kind.LIVE : Kind.CHOSEN,
                isHotfix,
                environment,
                release.written(judge.runs.get(environment), subject.release()),
                starter,
                judge,
                play.now());
        play.say(() ->
                starter + " asks for " + choice + " in " + environment + (isHotfix ? " as hotfix " : " ") + asked.gate);
        play.count("requests");
        judge.planned(asked, healthyInDev).ifPresent(play::fail);
        if (plan.isEmpty()) {
            return;
        }
        Waiting step = new Waiting(asked, Optional.empty());
        if (plan.gate().isPresent()) {
            open(step, subject, plan.gate().get());
            return;
        }
        plan.requireNotHeld();
        boolean isFrozen = judge.rules.isFrozen(environment, play.now());
        commit(step, subject, Optional.empty());
        play.check(!isFrozen || asked.changedNothing, "promoted past a freeze where there is no gate");
    }

    private void open(Waiting step, GateSubject.Promotion subject, GateDefinition definition) {
        waiting.put(step.asked.gate, step);
        step.live = gates.open(subject, definition, questions(subject), step);
        justAsked = step;
    }

    void decide(Waiting at, Person person, Decision decision) {
        // First, because what follows from it happens at once.
        at.asked.decisions.add(decision);
        try {
            at.live.decide("click-" + ids++, person, (gate, by) -> switch (decision.what()) {
                case "withdraw" -> GateDecisions.withdraw(gate, by);
                case "override" -> GateDecisions.override(gate, by, "fire", decision.skips());
                default -> GateDecisions.approve(gate, by, "");
            });
        } catch (GateRefusedException refused) {
            at.asked.decisions.remove(decision);
            throw refused;
        }
        justAsked = at;
        play.say(() -> decision + " at " + at.asked.gate);
        play.count(decision.what());
        play.check(
                decision.what().equals("withdraw")
                        || person.permissions()
                                .contains(
                                        decision.what().equals("override")
                                                ? Person.Permission.OVERRIDE
                                                : Person.Permission.APPROVE),
                "decided without the permission");
    }

    /** As timers do, and the steps whose gates let them pass. */
    void settle() {
        for (Waiting each : waiting()) {
            if (!waiting.containsKey(each.asked.gate)) {
                continue;
            }
            // A gate looks when it opens and when somebody decides: at the same instant it would find the same.
            if (each != justAsked) {
                each.live.ask();
            }
            GateStatus status = each.live.gate().status();
            if (status.isGranted() && each.asked.commit.isEmpty() && !play.oneIn(8)) {
                pass(each);
            } else if (status != GateStatus.OPEN && !status.isGranted()) {
                waiting.remove(each.asked.gate);
            }
        }
        justAsked = null;
    }

    /** What its gate let pass is committed, unless it is stopped or refused; or the controller is killed after the commit. */
    private void pass(Waiting step) {
        Gate gate = step.live.gate();
        try {
            if (step.rollback.isPresent()) {
                Rollback.Plan plan =
                        rollback().plan(step.rollback.get(), Progress.SILENT).grantedBy(gate);
                wrote(step, rollback().commit(plan, Progress.SILENT), Optional.of(plan));
            } else {
                commit(step, (GateSubject.Promotion) gate.subject(), Optional.of(gate));
            }
        } catch (StoppedException stopped) {
            step.live.reopen(String.valueOf(stopped.getMessage()));
            return;
        } catch (GitOpsException refused) {
            play.say(refused::getMessage);
            play.count("overtaken");
            step.live.close(String.valueOf(refused.getMessage()));
            return;
        }
        if (play.oneIn(6)) {
            restart();
        } else {
            step.live.promoted(step.asked.commit);
            waiting.remove(step.asked.gate);
        }
    }

    private void commit(Waiting step, GateSubject.Promotion subject, Optional<Gate> gate) {
        BumpResult made = promotion()
                .commit(
                        subject,
                        gate,
                        startedBy(step.asked.starter),
                        Shop.JENKINS,
                        Optional.of(step.asked.openedAt),
                        Progress.SILENT);
        wrote(step, made, Optional.empty());
    }

    private void wrote(Waiting step, BumpResult made, Optional<Rollback.Plan> back) {
        Asked asked = step.asked;
        if (made.outcome() instanceof CommitOutcome.AlreadyCommitted) {
            play.check(made.commit().equals(asked.commit), "took " + made.commit() + " for its own commit");
            return;
        } else if (made.isUnchanged()) {
            asked.commit = made.commit();
            asked.changedNothing = true;
            return;
        }
        play.say(() -> asked.gate + " committed " + asked.version + " in " + asked.environment);
        judge.committed(asked, play.now()).ifPresent(play::fail);
        asked.commit = made.commit();
        release.files(asked.environment, asked.version)
                .forEach((path, text) -> play.check(
                        repository.text("main", path).equals(text),
                        "wrote something else: " + path + " " + repository.text("main", path)));
        Deployed deployment = new Deployed(made.commit(), asked.version, Set.of(), play.now());
        back.ifPresent(plan -> judge.takenBack(asked.environment, plan.bad(), made.commit()));
        if (asked.isHotfix && asked.rules.isDeclared() && asked.rules.hotfix().review() > 0) {
            deployment.reviewDue =
                    play.now().plus(Duration.ofHours(asked.rules.hotfix().review()));
            deployment.involved = new HashSet<>(asked.approvers());
            deployment.involved.add(asked.starter);
        }
        judge.deploy(asked.environment, deployment);
        play.count(asked.isHotfix ? "hotfix" : asked.kind.name().toLowerCase(Locale.ROOT));
    }

    void rollBack(String environment, RollbackTo to, String starter) {
        Rollback.Request request = new Rollback.Request(
                "back-" + ids++,
                "main",
                "shop",
                environment,
                to,
                Optional.empty(),
                "errors",
                play.now(),
                startedBy(starter),
                Shop.JENKINS);
        Rollback.Plan plan = rollback().plan(request, Progress.SILENT);
        String version = release.written(judge.runs.get(environment), plan.release());
        play.say(() -> starter + " rolls " + environment + " back to " + version + " " + request.id());
        play.count("requests");
        if (plan.waitsAtGate()) {
            Asked asked =
                    new Asked(request.id(), Kind.ROLLBACK, false, environment, version, starter, judge, play.now());
            open(
                    new Waiting(asked, Optional.of(request)),
                    rollback().subject(plan, URL, Progress.SILENT),
                    plan.target().environment().gate().orElseThrow());
            return;
        }
        BumpResult made = rollback().commit(plan, Progress.SILENT);
        if (made.outcome() instanceof CommitOutcome.Committed) {
            judge.recovered(environment, version, play.now()).ifPresent(play::fail);
            judge.takenBack(environment, plan.bad(), made.commit());
            judge.deploy(environment, new Deployed(made.commit(), version, Set.of(starter), play.now()));
            play.count("recovery");
        }
    }

    /** Another controller, or the same one after it was killed, finds what was stored. */
    void restart() {
        play.count("restart");
        gates = gates();
        for (Waiting each : waiting()) {
            Gate kept = Gate.of(each.stored);
            GateSubject.Promotion subject = (GateSubject.Promotion) kept.subject();
            each.live = gates.resume(kept, questions(subject), each);
            if (!kept.status().isGranted() || kept.commit().isPresent()) {
                continue;
            }
            boolean isCommitted = each.rollback.isPresent()
                    ? rollback().isCommitted(each.rollback.get(), Progress.SILENT)
                    : promotion().isCommitted(subject, Progress.SILENT);
            play.check(
                    isCommitted || each.asked.commit.isEmpty() || each.asked.changedNothing,
                    "does not know what it committed");
            play.check(!isCommitted || !each.asked.commit.isEmpty(), "takes another commit for its own");
            if (isCommitted) {
                each.live.promoted(each.asked.commit);
                waiting.remove(each.asked.gate);
            } else {
                each.live.reopen("Jenkins restarted");
            }
        }
    }

    private static Provenance startedBy(String person) {
        return new Provenance(null, person, null, List.of());
    }

    private Promotion promotion() {
        return new Promotion(repository, new LineEditor(), target -> dev, ReleaseVerification.NONE, ledgers, stops);
    }

    private Rollback rollback() {
        return new Rollback(repository, new LineEditor(), ledgers, stops);
    }

    private GateQuestions questions(GateSubject.Promotion subject) {
        return new GateRequirements(
                        repository, new LineEditor(), target -> dev, ReleaseVerification.NONE, ENDPOINTS, reads, stops)
                .of(subject);
    }
}
