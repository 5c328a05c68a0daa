package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.promotion.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.repository.BranchMissingException;
import io.jenkins.plugins.gitops.engine.repository.CommitInfo;
import io.jenkins.plugins.gitops.engine.repository.ConfigRepository;
import io.jenkins.plugins.gitops.engine.repository.HistoryQuery;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rebuilds the ledger from the config repository's commits and notes; there is nothing else it could come from. */
public final class LedgerReader {

    /** How many commits of a branch are looked at. */
    public static final int DEPTH = 5_000;

    private final ConfigRepository repository;
    private final String defaultBranch;

    public LedgerReader(@NonNull ConfigRepository repository, @NonNull String defaultBranch) {
        this.repository = repository;
        this.defaultBranch = defaultBranch;
    }

    /** Blocking. Every branch that the declaration names is read. */
    @NonNull
    public Ledger read(@NonNull Declaration declaration, @NonNull Progress progress) {
        Set<String> branches = new TreeSet<>(Set.of(defaultBranch));
        for (Application application : declaration.applications().values()) {
            for (Environment environment : application.environments().values()) {
                branches.add(environment.branch().orElse(defaultBranch));
            }
        }
        Notes notes = notes(progress);
        List<Deployment> deployments = new ArrayList<>();
        for (String branch : branches) {
            deployments.addAll(deployments(branch, notes, progress));
        }
        deployments.sort(Comparator.comparing(Deployment::committedAt).reversed());
        return new Ledger(deployments, notes.lifted());
    }

    /** What notes say about commits. */
    private record Notes(Map<String, Sighting> sightings, Set<String> lifted) {}

    /** @param live null unless healthy */
    private record Sighting(Outcome outcome, Instant live) {}

    private Notes notes(Progress progress) {
        Map<String, Sighting> sightings = new HashMap<>();
        Set<String> lifted = new HashSet<>();
        for (CommitInfo note : oldestFirst(DeploymentNotes.REF, progress)) {
            Trailers trailers = new Trailers(note.trailers());
            Optional<String> about = trailers.value(DeploymentNotes.DEPLOYMENT);
            if (about.isEmpty()) {
                continue;
            }
            if (trailers.value(DeploymentNotes.HOLD_LIFTED).isPresent()) {
                lifted.add(about.get());
            }
            Optional<Outcome> outcome = trailers.value(DeploymentNotes.OUTCOME).flatMap(DeploymentNotes::outcome);
            for (String environment : trailers.values(Trailers.ENVIRONMENT)) {
                outcome.ifPresent(seen -> sightings.merge(
                        about.get() + " " + environment,
                        new Sighting(seen, seen == Outcome.HEALTHY ? liveAt(trailers, note) : null),
                        (known, now) -> known.outcome() == Outcome.HEALTHY ? known : now));
            }
        }
        return new Notes(sightings, lifted);
    }

    private static Instant liveAt(Trailers trailers, CommitInfo note) {
        try {
            return trailers.value(DeploymentNotes.LIVE_AT).map(Instant::parse).orElse(note.committedAt());
        } catch (DateTimeParseException handWritten) {
            return note.committedAt();
        }
    }

    private List<CommitInfo> oldestFirst(String branch, Progress progress) {
        try {
            List<CommitInfo> commits = new ArrayList<>(repository.history(
                    branch,
                    new HistoryQuery(
                            commit -> commit.trailers().stream()
                                    .anyMatch(trailer -> trailer.key().regionMatches(true, 0, "GitOps-", 0, 7)),
                            DEPTH,
                            DEPTH),
                    progress));
            Collections.reverse(commits);
            return commits;
        } catch (BranchMissingException nothingThereYet) {
            return List.of();
        }
    }

    private List<Deployment> deployments(String branch, Notes notes, Progress progress) {
        List<CommitInfo> commits = oldestFirst(branch, progress);
        Map<String, Map<String, ImageReference>> running = new HashMap<>();
        Map<String, String> takenBack = new HashMap<>();
        for (CommitInfo commit : commits) {
            Trailers trailers = new Trailers(commit.trailers());
            for (String environment : trailers.values(Trailers.ENVIRONMENT)) {
                trailers.value(Trailers.ROLLS_BACK)
                        .ifPresent(bad -> takenBack.putIfAbsent(bad + " " + environment, commit.commit()));
            }
        }
        List<Deployment> deployments = new ArrayList<>();
        for (CommitInfo commit : commits) {
            Trailers trailers = new Trailers(commit.trailers());
            String application = trailers.value(Trailers.APPLICATION).orElse("");
            for (String environment :
                    application.isEmpty() ? List.<String>of() : trailers.values(Trailers.ENVIRONMENT)) {
                Map<String, ImageReference> images =
                        running.computeIfAbsent(application + "/" + environment, target -> new TreeMap<>());
                images.putAll(trailers.images());
                Sighting sighting = notes.sightings()
                        .getOrDefault(commit.commit() + " " + environment, new Sighting(Outcome.UNKNOWN, null));
                deployments.add(new Deployment(
                        application,
                        environment,
                        branch,
                        commit.commit(),
                        commit.committedAt(),
                        commit.message().lines().findFirst().orElse(""),
                        commit.authorName(),
                        images,
                        trailers,
                        sighting.outcome(),
                        sighting.live(),
                        takenBack.get(commit.commit() + " " + environment)));
            }
        }
        Collections.reverse(deployments);
        return withPromotionsAsWitness(deployments);
    }

    /** A release that was promoted from an environment was live and healthy there: promotion takes no other. */
    private static List<Deployment> withPromotionsAsWitness(List<Deployment> deployments) {
        Map<String, Instant> witnessed = new HashMap<>();
        for (Deployment deployment : deployments) {
            deployment
                    .trailers()
                    .value(Trailers.RELEASE_FROM)
                    .ifPresent(from -> witnessed.put(deployment.application() + "/" + from, deployment.committedAt()));
        }
        return deployments.stream()
                .map(deployment -> {
                    Instant seen = witnessed.get(
                            deployment.application() + "/" + deployment.environment() + "@" + deployment.commit());
                    return seen == null || deployment.outcome() != Outcome.UNKNOWN
                            ? deployment
                            : new Deployment(
                                    deployment.application(),
                                    deployment.environment(),
                                    deployment.branch(),
                                    deployment.commit(),
                                    deployment.committedAt(),
                                    deployment.subject(),
                                    deployment.author(),
                                    deployment.images(),
                                    deployment.trailers(),
                                    Outcome.HEALTHY,
                                    seen,
                                    deployment.rolledBackBy());
                })
                .toList();
    }
}
