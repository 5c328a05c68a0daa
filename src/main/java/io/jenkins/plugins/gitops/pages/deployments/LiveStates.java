package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.pages.Messages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What Argo CD says about all environments of a declaration, asked with one request for each connection and namespace
 * however many environments there are.
 */
final class LiveStates {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Item item;
    private final Map<Place, Map<String, SyncWaits.Listed>> told = new HashMap<>();
    private final Map<Place, String> problems = new HashMap<>();

    /** @param connection null for the only one, {@code namespace} null for the connection's own */
    private record Place(
            @CheckForNull String connection, @CheckForNull String namespace) {}

    private LiveStates(@CheckForNull Item item) {
        this.item = item;
    }

    /** Before anybody was asked. */
    static LiveStates unasked() {
        return new LiveStates(null);
    }

    /**
     * Asks, and waits for the answers.
     *
     * @param item whose connections are meant; null for those of Jenkins itself
     */
    static LiveStates ask(SyncWaits argoCd, @CheckForNull Item item, Declaration declaration) {
        LiveStates states = new LiveStates(item);
        Set<Place> places = new HashSet<>();
        declaration
                .targets()
                .flatMap(target -> target.environment().applications().stream())
                .forEach(application -> places.add(place(application)));
        Map<Place, CompletableFuture<List<SyncWaits.Listed>>> answers = new HashMap<>();
        for (Place place : places) {
            answers.put(place, states.ask(argoCd, place));
        }
        answers.forEach((place, answer) -> states.settle(place, answer));
        return states;
    }

    private CompletableFuture<List<SyncWaits.Listed>> ask(SyncWaits argoCd, Place place) {
        try {
            return argoCd.list(
                    GitOpsSettings.argoCdConnection(item, place.connection()), Optional.ofNullable(place.namespace()));
        } catch (GitOpsException notConfigured) {
            return CompletableFuture.failedFuture(notConfigured);
        }
    }

    private void settle(Place place, CompletableFuture<List<SyncWaits.Listed>> answer) {
        try {
            Map<String, SyncWaits.Listed> byName = new HashMap<>();
            answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .forEach(listed -> byName.put(listed.application().name().name(), listed));
            told.put(place, byName);
        } catch (ExecutionException e) {
            problems.put(place, String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            problems.put(place, Messages.LiveStates_patience(TIMEOUT.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.put(place, Messages.LiveStates_stopping());
        }
    }

    /** The environment's Argo CD Applications as one; empty when it has none or nobody was or could be asked. */
    Optional<DeploymentsView.LiveView> of(Environment environment) {
        if (environment.applications().isEmpty()
                || !environment.applications().stream().map(LiveStates::place).allMatch(told::containsKey)) {
            return Optional.empty();
        }
        List<SyncWaits.Listed> seen = environment.applications().stream()
                .map(application -> told.get(place(application)).get(application.name()))
                .toList();
        List<SyncWaits.Listed> listed = seen.stream().filter(Objects::nonNull).toList();
        List<Observation> there =
                listed.stream().map(SyncWaits.Listed::application).toList();
        HealthState health = there.size() < seen.size()
                ? HealthState.MISSING
                : there.stream()
                        .map(application -> application.health().state())
                        .max(Comparator.comparing(LiveStates::badness))
                        .orElse(HealthState.UNKNOWN);
        SyncState sync = there.stream()
                .map(Observation::sync)
                .max(Comparator.naturalOrder())
                .orElse(SyncState.UNKNOWN);
        List<String> revisions = there.stream()
                .flatMap(application -> application.revisions().stream())
                .distinct()
                .toList();
        return Optional.of(new DeploymentsView.LiveView(
                sync.toString(),
                health.toString(),
                there.stream()
                        .filter(application -> application.health().state() == health)
                        .map(application -> application.health().message())
                        .findFirst()
                        .orElse(""),
                there.stream()
                        .flatMap(application -> application.health().since().stream())
                        .max(Comparator.naturalOrder())
                        .map(Instant::toString)
                        .orElse(null),
                revisions.size() == 1 ? revisions.get(0) : null,
                listed.stream()
                        .filter(one -> one.application().health().state() == health)
                        .findFirst()
                        .flatMap(SyncWaits.Listed::page)
                        .map(URI::toString)
                        .orElse(null)));
    }

    /** Why the environment's Argo CD could not be asked; empty when it was. */
    Optional<String> problem(Environment environment) {
        return environment.applications().stream()
                .map(application -> problems.get(place(application)))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static Place place(ArgoApplication application) {
        return new Place(application.connection(), application.namespace());
    }

    private static int badness(HealthState state) {
        return switch (state) {
            case HEALTHY -> 0;
            case SUSPENDED -> 1;
            case PROGRESSING -> 2;
            case UNKNOWN -> 3;
            case MISSING -> 4;
            case DEGRADED -> 5;
        };
    }
}
