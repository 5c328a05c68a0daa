package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A controller as far as gates go: opens them for what is live in staging, and commits what they let pass as steps do. */
final class GatedController implements Closeable {

    private static final Duration PULSE = Duration.ofMillis(100);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final InstantSource clock = InstantSource.system();
    private final LiveGates gates = new LiveGates(timer, workers, clock, PULSE);
    private final Ledgers ledgers = new Ledgers();
    private final Stops stops = new Stops(clock);
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final ConfigRepository repository;
    private final GateReads reads = new GateReads(ledgers, clock, PULSE, gates::changedAt);

    GatedController(ConfigRepository repository) {
        this.repository = repository;
    }

    /** What the logs of its runs say. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** A gate that asks for one approval. */
    Waiting open(String live) {
        return open(live, Provenance.UNKNOWN);
    }

    /** A gate as it is declared; one that asks for one approval where none is. */
    Waiting open(String live, Provenance provenance) {
        Liveness liveness = target -> new Liveness.State.Healthy(live, null);
        Promotion promotion =
                new Promotion(repository, new LineEditor(), liveness, ReleaseVerification.NONE, ledgers, stops);
        Promotion.Plan plan = promotion.plan(
                new Promotion.Request(
                        UUID.randomUUID().toString(),
                        "https://git.example.org/c",
                        "main",
                        "shop",
                        "prod",
                        null,
                        provenance,
                        Shop.JENKINS),
                said::add);
        Waiting waiting = new Waiting(promotion, plan.subject());
        GateDefinition definition =
                plan.gate().orElseGet(() -> new GateDefinition(List.of(new Approvals(1, List.of())), List.of()));
        waiting.gate.complete(
                gates.open(waiting.subject, definition, checks(liveness).of(waiting.subject), waiting));
        return waiting;
    }

    private GateRequirements checks(Liveness liveness) {
        return new GateRequirements(
                repository,
                new LineEditor(),
                liveness,
                ReleaseVerification.NONE,
                new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", clock),
                reads,
                stops);
    }

    /** The same run on a controller that was just started: it has what the other one kept. */
    Waiting resume(Waiting kept, String live) {
        Waiting waiting = new Waiting(kept.promotion, kept.subject);
        waiting.events.addAll(kept.events);
        Gate stored =
                Gate.restore(kept.events.stream().map(GateJson::write).toList()).orElseThrow();
        waiting.gate.complete(gates.resume(
                stored, checks(target -> new Liveness.State.Healthy(live, null)).of(kept.subject), waiting));
        return waiting;
    }

    /** A run that waits at its gate. */
    final class Waiting implements GateOwner {

        private final Promotion promotion;
        private final GateSubject.Promotion subject;
        private final CompletableFuture<LiveGate> gate = new CompletableFuture<>();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final Queue<GateEvent> events = new ConcurrentLinkedQueue<>();

        private Waiting(Promotion promotion, GateSubject.Promotion subject) {
            this.promotion = promotion;
            this.subject = subject;
        }

        Gate approve(Person person) {
            return gate.join()
                    .decide(
                            UUID.randomUUID().toString(),
                            person,
                            (state, click) -> GateDecisions.approve(state, click, ""));
        }

        LiveGate gate() {
            return gate.join();
        }

        List<GateEvent> events() {
            return List.copyOf(events);
        }

        /** How it ended: {@code promoted}, or {@code closed: } and why. */
        String end() throws Exception {
            return end.get(60, TimeUnit.SECONDS);
        }

        @Override
        public void append(GateEvent event) {
            events.add(event);
        }

        @Override
        public void happened(GateEvent event) {
            if (event instanceof GateEvent.Granted) {
                workers.execute(() -> commit(gate.join()));
            } else if (event instanceof GateEvent.Closed closed) {
                end.complete("closed: " + closed.reason());
            } else if (event instanceof GateEvent.Promoted) {
                end.complete("promoted");
            }
        }

        private void commit(LiveGate granted) {
            try {
                granted.promoted(promotion
                        .commit(
                                subject,
                                Optional.of(granted.gate()),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty(),
                                said::add)
                        .commit());
            } catch (StoppedException stopped) {
                gates.lookAgain(subject.application());
                granted.reopen(String.valueOf(stopped.getMessage()));
            } catch (GitOpsException refused) {
                granted.close("refused: " + refused.getMessage());
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
