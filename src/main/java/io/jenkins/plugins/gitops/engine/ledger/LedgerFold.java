package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Folds commits and notes into a ledger: a pure function, so that two clones of a repository give the same. */
final class LedgerFold {

    /** Deployments of a branch, newest first, beyond which it is not read: a commit can name a thousand environments. */
    private static final int MOST_DEPLOYMENTS = 50_000;

    /** Environments of a commit whose word does not count: it must not push others out. */
    private static final int MOST_CLAIMED = 8;

    private final Map<String, NotedOutcome> observations = new HashMap<>();
    /** Alerts of a deployment that are shown. */
    private static final int MOST_ALERTS = 20;

    private final Map<String, String> reviews = new HashMap<>();
    /** Of pull requests: what notes add to what the commits say. */
    private final Map<String, Trailers> pullRequests = new HashMap<>();

    private final Map<String, Set<String>> alerts = new HashMap<>();
    private final Set<String> lifted = new HashSet<>();
    private final List<InfrastructureChange> infrastructure = new ArrayList<>();

    /** By text, read once: a release is in the history of each environment that it went through. */
    private final Map<String, ImageReference> references = new HashMap<>();

    /**
     * @param live null unless it was seen healthy
     * @param notedAt when somebody said so
     */
    private record NotedOutcome(Outcome outcome, Instant live, List<String> checks, Instant notedAt) {

        static final NotedOutcome NONE = new NotedOutcome(Outcome.UNKNOWN, null, List.of(), Instant.EPOCH);

        /**
         * Health is not lost to a later wait, nor a verification to a look at health. Of two verifications the later counts; of
         * two that were under way at once, on two controllers, the one that failed.
         */
        NotedOutcome then(NotedOutcome later) {
            if (later.outcome().isVerdict()) {
                boolean isOverruled = outcome == Outcome.VERIFICATION_FAILED
                        && later.live() != null
                        && later.live().isBefore(notedAt);
                return isOverruled && later.outcome() == Outcome.VERIFIED
                        ? this
                        : new NotedOutcome(
                                later.outcome(), live == null ? later.live() : live, later.checks(), later.notedAt());
            }
            return outcome.wasHealthy() ? this : later;
        }

        /** Nothing is live before it was committed, whatever a note says. */
        @Nullable
        Instant liveAt(CommitInfo commit) {
            return live != null && live.isBefore(commit.committedAt()) ? commit.committedAt() : live;
        }
    }

    /** A deployment and where it stands among those of all branches. */
    private record Placed(Deployment deployment, Instant order) {}

    private LedgerFold() {}

    /**
     * The ledger that these make.
     *
     * @param branches commits by branch, oldest first
     * @param notes likewise
     */
    static Ledger of(Map<String, List<CommitInfo>> branches, List<CommitInfo> notes) {
        LedgerFold fold = new LedgerFold();
        notes.forEach(fold::read);
        List<Placed> placed = new ArrayList<>();
        new TreeMap<>(branches)
                .forEach((name, commits) -> placed.addAll(
                        place(fold.deployments(name, withFound(commits, DeploymentNotes.found(notes, name))))));
        placed.sort(Comparator.comparing(Placed::order).reversed());
        List<Deployment> deployments = placed.stream().map(Placed::deployment).toList();
        List<String> unread = branches.values().stream()
                .flatMap(commits -> newest(commits).stream())
                .filter(CommitInfo::isUnread)
                .map(CommitInfo::commit)
                .distinct()
                .toList();
        Collections.reverse(fold.infrastructure);
        return new Ledger(fold.withPromotionsAsWitness(deployments), fold.lifted, unread, fold.infrastructure);
    }

    /** With those whose messages say nothing, each by its time; what stands in the branch goes before. */
    private static List<CommitInfo> withFound(List<CommitInfo> oldestFirst, List<CommitInfo> found) {
        if (found.isEmpty()) {
            return oldestFirst;
        }
        Set<String> deploying = oldestFirst.stream()
                .filter(commit -> !environments(commit).isEmpty())
                .map(CommitInfo::commit)
                .collect(Collectors.toCollection(HashSet::new));
        List<CommitInfo> all = new ArrayList<>(oldestFirst);
        for (CommitInfo one : found) {
            if (deploying.add(one.commit())) {
                int at = all.size();
                while (at > 0 && all.get(at - 1).committedAt().isAfter(one.committedAt())) {
                    at--;
                }
                all.add(at, one);
            }
        }
        return all;
    }

    /** What a commit says, as far as its word counts. */
    private static Trailers trailers(CommitInfo commit) {
        Trailers all = new Trailers(commit.trailers());
        return commit.signature().isTrusted() ? all : all.withoutAuthority();
    }

    private void read(CommitInfo note) {
        if (!note.signature().isTrusted()) {
            return;
        }
        Trailers trailers = new Trailers(note.trailers());
        Optional<String> about = trailers.value(DeploymentNotes.DEPLOYMENT);
        if (about.isEmpty()) {
            return;
        }
        InfrastructureChange.of(note, trailers).ifPresent(infrastructure::add);
        if (trailers.value(DeploymentNotes.HOLD_LIFTED).isPresent()) {
            lifted.add(about.get());
        }
        Optional<Outcome> outcome = trailers.value(DeploymentNotes.OUTCOME).flatMap(DeploymentNotes::outcome);
        for (String environment : trailers.values(Trailers.ENVIRONMENT)) {
            trailers.value(DeploymentNotes.REVIEWED)
                    .ifPresent(review -> reviews.putIfAbsent(about.get() + " " + environment, review));
            trailers.value(Trailers.PULL_REQUEST)
                    .ifPresent(url -> pullRequests.putIfAbsent(
                            about.get() + " " + environment,
                            Trailers.NONE
                                    .with(Trailers.PULL_REQUEST, url)
                                    .with(Trailers.MERGED_BY, trailers.value(Trailers.MERGED_BY))
                                    .withAll(Trailers.REVIEWED_BY, trailers.values(Trailers.REVIEWED_BY))));
            trailers.value(DeploymentNotes.ALERT).ifPresent(alert -> addAlert(about.get() + " " + environment, alert));
            outcome.ifPresent(seen -> observations.merge(
                    about.get() + " " + environment,
                    new NotedOutcome(
                            seen,
                            seen.wasHealthy() ? liveAt(trailers, note) : null,
                            trailers.values(DeploymentNotes.CHECK),
                            note.committedAt()),
                    NotedOutcome::then));
        }
    }

    private void addAlert(String deployment, String line) {
        Set<String> known = alerts.computeIfAbsent(deployment, first -> new LinkedHashSet<>());
        if (known.size() < MOST_ALERTS) {
            known.add(line);
        }
    }

    private static Instant liveAt(Trailers trailers, CommitInfo note) {
        try {
            return trailers.value(DeploymentNotes.LIVE_AT)
                    .map(Instant::parse)
                    .filter(at -> at.isBefore(note.committedAt()))
                    .orElse(note.committedAt());
        } catch (DateTimeParseException handWritten) {
            return note.committedAt();
        }
    }

    /** Those of a branch, newest first. */
    private List<Deployment> deployments(String branch, List<CommitInfo> commits) {
        Map<String, Map<String, Version>> running = new HashMap<>();
        Map<String, String> takenBack = takenBack(commits);
        List<Deployment> deployments = new ArrayList<>();
        for (CommitInfo commit : newest(commits)) {
            boolean trusted = commit.signature().isTrusted();
            Trailers trailers = trailers(commit);
            String application = trailers.value(Trailers.APPLICATION).orElse("");
            Map<String, Version> written = application.isEmpty() ? Map.of() : images(trailers);
            for (String environment : environments(commit)) {
                Map<String, Version> images =
                        running.computeIfAbsent(application + "/" + environment, target -> new TreeMap<>());
                // What somebody claims to run there is shown, and nothing else is built on it.
                images = trusted ? images : new TreeMap<>(images);
                images.putAll(written);
                String key = commit.commit() + " " + environment;
                NotedOutcome observation =
                        trusted ? observations.getOrDefault(key, NotedOutcome.NONE) : NotedOutcome.NONE;
                deployments.add(new Deployment(
                        application,
                        environment,
                        branch,
                        commit.commit(),
                        commit.committedAt(),
                        commit.message(),
                        commit.authorName(),
                        images,
                        trusted && pullRequests.containsKey(key) ? trailers.withAll(pullRequests.get(key)) : trailers,
                        observation.outcome(),
                        observation.liveAt(commit),
                        takenBack.get(key),
                        trusted ? reviews.get(key) : null,
                        observation.checks(),
                        trusted ? List.copyOf(alerts.getOrDefault(key, Set.of())) : List.of(),
                        commit.signature()));
            }
        }
        Collections.reverse(deployments);
        return deployments;
    }

    /** Those that the commit deployed its application into; a note that was merged into the branch deploys nothing. */
    private static Set<String> environments(CommitInfo commit) {
        Trailers trailers = new Trailers(commit.trailers());
        return trailers.value(Trailers.APPLICATION).isEmpty()
                        || trailers.value(DeploymentNotes.DEPLOYMENT).isPresent()
                ? Set.of()
                : trailers.values(Trailers.ENVIRONMENT).stream()
                        .limit(commit.signature().isTrusted() ? Trailers.MOST_VALUES : MOST_CLAIMED)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<CommitInfo> newest(List<CommitInfo> oldestFirst) {
        int from = oldestFirst.size();
        int deployments = 0;
        while (from > 0 && deployments <= MOST_DEPLOYMENTS) {
            from--;
            deployments += environments(oldestFirst.get(from)).size();
        }
        return oldestFirst.subList(from, oldestFirst.size());
    }

    private Map<String, Version> images(Trailers trailers) {
        return trailers.release(text -> references.computeIfAbsent(text, ImageReference::parse));
    }

    /** The rollback of each deployment that was taken back, by commit and environment; the first one counts. */
    private static Map<String, String> takenBack(List<CommitInfo> commits) {
        Map<String, String> takenBack = new HashMap<>();
        for (CommitInfo commit : commits) {
            Trailers trailers = trailers(commit);
            for (String environment : trailers.values(Trailers.ENVIRONMENT)) {
                trailers.value(Trailers.ROLLS_BACK)
                        .ifPresent(bad -> takenBack.putIfAbsent(bad + " " + environment, commit.commit()));
            }
        }
        return takenBack;
    }

    /** By time; but the clocks of those who committed may differ, and the order of a branch is Git's. */
    private static List<Placed> place(List<Deployment> newestFirst) {
        List<Placed> placed = new ArrayList<>();
        Instant order = Instant.MAX;
        for (Deployment deployment : newestFirst) {
            order = deployment.committedAt().isBefore(order) ? deployment.committedAt() : order;
            placed.add(new Placed(deployment, order));
        }
        return placed;
    }

    /**
     * A release that was promoted from an environment was live and healthy there: promotion takes no other. What a promotion
     * names is the commit that Argo CD was at, which may come after the one that deployed the release; then the last
     * deployment there of the same images is meant.
     */
    private List<Deployment> withPromotionsAsWitness(List<Deployment> newestFirst) {
        Map<List<String>, List<Integer>> ofTarget = new HashMap<>();
        Map<List<String>, Integer> byCommit = new HashMap<>();
        for (int at = 0; at < newestFirst.size(); at++) {
            Deployment deployment = newestFirst.get(at);
            ofTarget.computeIfAbsent(
                            List.of(deployment.application(), deployment.environment()), first -> new ArrayList<>())
                    .add(at);
            byCommit.putIfAbsent(List.of(deployment.application(), deployment.environment(), deployment.commit()), at);
        }
        List<Deployment> witnessed = new ArrayList<>(newestFirst);
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            Deployment promotion = newestFirst.get(i);
            String[] from =
                    promotion.trailers().value(Trailers.RELEASE_FROM).orElse("").split("@", 2);
            if (from.length < 2) {
                continue;
            }
            Integer source = byCommit.get(List.of(promotion.application(), from[0], from[1]));
            if (source == null) {
                int before = i;
                Set<Map.Entry<String, Version>> promoted =
                        // What an environment carries is not known of one that takes bumps.
                        Release.withoutCarried(images(promotion.trailers())).entrySet();
                source = ofTarget.getOrDefault(List.of(promotion.application(), from[0]), List.of()).stream()
                        .filter(at -> at > before
                                && newestFirst.get(at).images().entrySet().containsAll(promoted))
                        .findFirst()
                        .orElse(null);
            }
            if (source != null) {
                witnessed.set(source, witnessed.get(source).witnessed(promotion.committedAt()));
            }
        }
        return witnessed;
    }
}
