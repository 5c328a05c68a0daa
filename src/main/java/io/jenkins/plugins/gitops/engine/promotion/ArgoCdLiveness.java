package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Asks Argo CD what a target runs: all of the target's Applications must run the same commit and be healthy. */
public final class ArgoCdLiveness implements Liveness {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SyncWaits argoCd;
    private final String repository;
    private final UnaryOperator<String> connections;

    /**
     * @param repository address of the config repository, to tell an Application's sources apart
     * @param connections the connection's name in the declaration, or null where it has none, to the name that {@code
     *     argoCd} knows it by
     */
    public ArgoCdLiveness(SyncWaits argoCd, String repository, UnaryOperator<String> connections) {
        this.argoCd = argoCd;
        this.repository = repository;
        this.connections = connections;
    }

    @Override
    public State observe(Target target) {
        if (target.environment().applications().isEmpty()) {
            return new State.Unwatched();
        }
        Set<String> commits = new HashSet<>();
        List<String> troubles = new ArrayList<>();
        Optional<Instant> since = Optional.empty();
        for (ArgoApplication application : target.environment().applications()) {
            Optional<Observation> found = ask(application);
            Optional<String> commit = found.flatMap(observed -> observed.liveCommit(repository));
            if (commit.isEmpty()) {
                troubles.add(trouble(application, found));
                continue;
            }
            commits.add(commit.get());
            Optional<Instant> healthy = found.flatMap(Observation::healthySince);
            since = later(since, healthy);
        }
        if (!troubles.isEmpty()) {
            return new State.NotHealthy(String.join("; ", troubles));
        }
        if (commits.size() > 1) {
            return new State.NotHealthy("its Applications run different commits: "
                    + String.join(
                            ", ",
                            commits.stream()
                                    .map(CommitInfo::abbreviate)
                                    .sorted()
                                    .toList()));
        }
        return new State.Healthy(commits.iterator().next(), since.orElse(null));
    }

    @Override
    public Object key(Target target) {
        List<Object> key = new ArrayList<>(List.of(repository));
        for (ArgoApplication application : target.environment().applications()) {
            key.add(connections.apply(application.connection()));
            key.add(Optional.ofNullable(application.namespace()));
            key.add(application.name());
        }
        return key;
    }

    private Optional<Observation> ask(ArgoApplication application) {
        CompletableFuture<Optional<Observation>> answer = argoCd.observe(
                connections.apply(application.connection()),
                Optional.ofNullable(application.namespace()),
                application.name());
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GitOpsException sentence
                    ? sentence
                    : new ArgoCdException(Reason.UNAVAILABLE, cannotAsk(application, String.valueOf(e.getCause())), e);
        } catch (TimeoutException e) {
            throw new ArgoCdException(
                    Reason.UNAVAILABLE, cannotAsk(application, "no answer in " + PATIENCE.toSeconds() + " s"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArgoCdException(Reason.UNAVAILABLE, cannotAsk(application, "interrupted"), e);
        }
    }

    private static String cannotAsk(ArgoApplication application, String why) {
        return "Argo CD could not be queried for the Application '" + application.name() + "' (" + why
                + "): check the connection and try again.";
    }

    private static String trouble(ArgoApplication application, Optional<Observation> found) {
        return found.map(observed -> "Application " + application.name() + " is "
                        + observed.health().state()
                        + (observed.sync() == SyncState.SYNCED ? "" : " and " + observed.sync())
                        + (observed.health().message().isEmpty()
                                ? ""
                                : ": " + observed.health().message()))
                .orElse("there is no Application " + application.name());
    }

    private static Optional<Instant> later(Optional<Instant> left, Optional<Instant> right) {
        return left.isPresent() && right.isPresent() && left.get().isAfter(right.get()) ? left : right.or(() -> left);
    }
}
