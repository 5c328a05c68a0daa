package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a team does with {@link Shop}'s config repository from day to day. */
final class ShopTeam {

    static final Provenance ANNA = new Provenance(null, "anna", "5ource", List.of("dora"));

    private final ConfigRepository repository;
    private final InstantSource clock;
    private final Ledgers ledgers = new Ledgers();
    private final DeploymentNotes notes;
    private final Stops stops;
    private int ids;

    ShopTeam(ConfigRepository repository, InstantSource clock) {
        this(repository, clock, new Stops(clock));
    }

    ShopTeam(ConfigRepository repository, InstantSource clock, Stops stops) {
        this.repository = repository;
        this.clock = clock;
        this.stops = stops;
        this.notes = new DeploymentNotes(repository, Shop.JENKINS);
    }

    Ledgers ledgers() {
        return ledgers;
    }

    DeploymentNotes notes() {
        return notes;
    }

    Ledger ledger() {
        return ledgers.of(
                repository,
                "main",
                Declarations.read(repository.tip("main", Progress.SILENT), "main"),
                Progress.SILENT);
    }

    /** Deploys api in a version; returns the commit, as all of these do. */
    String bump(String environment, String api) {
        return bump(environment, api, Provenance.UNKNOWN);
    }

    String bump(String environment, String api, Provenance provenance) {
        return new Bump(repository, new LineEditor(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", api, "worker", "1.0.0"),
                                provenance,
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT)
                .commit();
    }

    String healthy(String environment, String commit) {
        return noted(environment, commit, Outcome.HEALTHY);
    }

    String noted(String environment, String commit, Outcome outcome) {
        notes.outcome("shop", environment, commit, outcome, clock.instant(), Progress.SILENT);
        return commit;
    }

    /** A hotfix that otto approved, and olga overrode the rest for; somebody else must confirm it. */
    String hotfix(String environment, String startedBy, Instant reviewUntil) {
        Trailers trailers = Trailers.NONE
                .with(Trailers.APPLICATION, "shop")
                .with(Trailers.ENVIRONMENT, environment)
                .with(Trailers.HOTFIX, "the shop is down")
                .with(Trailers.REVIEW_UNTIL, reviewUntil.toString())
                .with(Trailers.STARTED_BY, startedBy)
                .with(Trailers.APPROVED_BY, "otto (on-call, operators)")
                .with(Trailers.OVERRIDE, "olga: it burns: badly [skipped freeze]");
        String id = "hotfix-" + ids++;
        repository.commit(
                new CommitRequest(
                        "main", id, "Hotfix", "", trailers.list(), Shop.JENKINS, tip -> Map.of(id, new byte[0])),
                Progress.SILENT);
        return repository.tip("main", Progress.SILENT).commit();
    }

    void review(String environment, String hotfix, String by) {
        Person person = new Person(by, by, null, Set.of(), Set.of(Person.Permission.APPROVE));
        new HotfixReview("shop", environment, hotfix, "shop", person, "looks good")
                .record(repository, "main", ledgers, Shop.JENKINS, Progress.SILENT);
    }

    Promotion promotion(Liveness liveness) {
        return new Promotion(repository, new LineEditor(), liveness, ReleaseVerification.NONE, ledgers, stops);
    }

    /** Plans to promote what is live in the environment before. */
    Promotion.Plan promotion(String to, Liveness liveness) {
        Promotion.Request request = new Promotion.Request(
                "promotion-" + ids++,
                "https://git.example.org/c",
                "main",
                "shop",
                to,
                null,
                Provenance.UNKNOWN,
                Shop.JENKINS);
        return promotion(liveness).plan(request, Progress.SILENT);
    }

    /** @param live where Argo CD is in the environment before */
    String promote(String to, String live, Optional<Gate> grant) {
        Liveness liveness = target -> new Liveness.State.Healthy(live, null);
        return promotion(liveness)
                .commit(
                        promotion(to, liveness).subject(),
                        grant,
                        Provenance.UNKNOWN,
                        Shop.JENKINS,
                        Optional.empty(),
                        Progress.SILENT)
                .commit();
    }

    Rollback rollback() {
        return new Rollback(repository, new LineEditor(), ledgers, stops);
    }

    /**
     * Anna wishes an environment back.
     *
     * @param seenAt the commit that she saw there
     */
    Rollback.Request rollback(String environment, RollbackTo to, Optional<String> seenAt) {
        return new Rollback.Request(
                "rollback-" + ids++,
                "main",
                "shop",
                environment,
                to,
                seenAt,
                "errors everywhere",
                clock.instant(),
                ANNA,
                Shop.JENKINS);
    }

    String rollBack(String environment, RollbackTo to) {
        Rollback.Plan plan = rollback().plan(rollback(environment, to, Optional.empty()), Progress.SILENT);
        return rollback().commit(plan, Progress.SILENT).commit();
    }
}
