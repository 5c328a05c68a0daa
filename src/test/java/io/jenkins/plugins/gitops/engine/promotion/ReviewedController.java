package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A controller, as far as one promotion goes that waits at a gate and in a pull request. Nothing runs beside the test. */
final class ReviewedController implements GateOwner, AutoCloseable {

    static final Provenance RUN = new Provenance("https://ci.example.org/job/shop/1/", "dora", null, List.of());
    static final Identity JENKINS = new Identity("Jenkins", "jenkins@example.org");

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final InstantSource clock = InstantSource.system();
    private final Ledgers ledgers = new Ledgers();
    private final Stops stops = new Stops(clock);
    private final LiveGates gates = new LiveGates(timer, new Inline(), clock, Duration.ofHours(1));
    /** What is kept over a restart. */
    private final List<GateEvent> kept;

    private final List<String> log;
    private final Promotion promotion;
    private final GateRequirements checks;
    private final GateReviews reviews;
    private final ConfigRepository repository;
    private LiveGate live;
    private boolean isRestarted;

    ReviewedController(ConfigRepository repository, String url, List<GateEvent> kept, List<String> log) {
        this.kept = kept;
        this.repository = repository;
        this.log = log;
        Liveness liveness = target -> new Liveness.State.Unwatched();
        promotion = new Promotion(repository, new ManifestFiles(), liveness, ReleaseVerification.NONE, ledgers, stops);
        checks = new GateRequirements(
                repository,
                new ManifestFiles(),
                liveness,
                ReleaseVerification.NONE,
                new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", clock),
                new GateReads(ledgers, clock, Duration.ofMinutes(1), gates::changedAt),
                stops);
        reviews = new GateReviews(promotion, ReviewedController::user, url);
    }

    static Person person(String id) {
        return new Person(id, id, null, Set.of(), Set.of(Person.Permission.APPROVE));
    }

    /** Users have the logins {@code <user>-gh}. */
    private static Optional<Person> user(String host, Review review) {
        return review.account().endsWith("-gh")
                ? Optional.of(person(review.account().replace("-gh", "")))
                : Optional.empty();
    }

    void open(String id, String version) {
        Promotion.Plan plan = promotion.plan(
                new Promotion.Request(
                        id,
                        "https://git.example.org/acme/config.git",
                        "main",
                        "shop",
                        "prod",
                        null,
                        new ReleaseChoice.Versions(Map.of("api", version)),
                        null,
                        RUN,
                        JENKINS),
                log::add);
        live = gates.open(plan.subject(), plan.gate().orElseThrow(), checks.of(plan.subject()), this);
    }

    /** As a step does after a restart. */
    void resume() {
        Gate stored = Gate.restore(kept.stream().map(GateJson::write).toList()).orElseThrow();
        GateSubject.Promotion subject = (GateSubject.Promotion) stored.subject();
        live = gates.resume(stored, checks.of(subject), this);
        if (stored.status().isGranted()
                && stored.commit().isEmpty()
                && !promotion.isCommitted(subject, Progress.SILENT)) {
            isRestarted = true;
        }
    }

    /** As a step does: no server merges it while its gate checks again. */
    private void reopen() {
        GateSubject.Promotion subject = (GateSubject.Promotion) live.gate().subject();
        PendingDelivery.takeBack(
                repository, "main", subject.application(), subject.environment(), subject.gate(), Progress.SILENT);
        isRestarted = false;
        live.reopen("Jenkins restarted");
    }

    LiveGate live() {
        return live;
    }

    void approve(String user) {
        live.decide(
                UUID.randomUUID().toString(),
                person(user),
                (gate, decision) -> GateDecisions.approve(gate, decision, ""));
    }

    /** Does what comes next, as a step does each time it looks; what it waits for, or empty at its end. */
    Optional<String> step() {
        GateSubject.Promotion subject = (GateSubject.Promotion) live.gate().subject();
        try {
            if (isRestarted) {
                reopen();
            }
            live.ask();
            Gate gate = live.gate();
            if (gate.status() == GateStatus.OPEN) {
                reviews.look(live, RUN, JENKINS, log::add);
                return Optional.of(live.explain());
            }
            if (gate.status().isGranted() && gate.commit().isEmpty()) {
                live.promoted(promotion
                        .commit(subject, Optional.of(gate), RUN, JENKINS, Optional.empty(), log::add)
                        .commit());
            }
            return Optional.empty();
        } catch (PendingDelivery pending) {
            return Optional.of(
                    live.gate().status() == GateStatus.OPEN ? live.explain() : String.valueOf(pending.getMessage()));
        } catch (StoppedException stopped) {
            live.reopen(String.valueOf(stopped.getMessage()), stopped.lapsed());
            return Optional.of(String.valueOf(stopped.getMessage()));
        }
    }

    @Override
    public void append(GateEvent event) {
        kept.add(event);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Does at once what others hand to threads. */
    private static final class Inline extends AbstractExecutorService {

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
