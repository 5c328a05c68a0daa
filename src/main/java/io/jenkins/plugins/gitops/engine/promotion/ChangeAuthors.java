package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.CommitReference;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who wrote what a promotion brings: the authors of every commit, made by hand or by a run, that touched the files of
 * source or target since the release came from the source that the target runs now.
 *
 * <p>Where that was is decided by what the files held: the newest commit before the target's own last change at which
 * the source's files held what the target's hold now. Nothing that a commit says of itself makes the walk shorter, and
 * where it would be longer than the bounds below, the authors count as unknown.
 */
final class ChangeAuthors {

    /** How much history is read, step by step. */
    private static final List<Integer> DEPTHS = List.of(64, 500, 4_000);

    /** Different contents of the files that are read in one walk. */
    private static final int MOST_CONTENTS = 200;

    private static final int MOST_AUTHORS = 1_000;

    /** Commits that the gate's page lists. */
    private static final int MOST_COMMITS = 50;

    private static final String CO_AUTHOR = "Co-authored-by";

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Identity own;
    private final Progress progress;

    /** @param own whose name the commits of this controller carry */
    ChangeAuthors(ConfigRepository repository, ReleaseEdit edit, Identity own, Progress progress) {
        this.repository = repository;
        this.edit = edit;
        this.own = own;
        this.progress = progress;
    }

    /**
     * What was found.
     *
     * @param commits that changed the source's files, newest first; the newest of very many
     * @param unknown why there may be more authors; empty when these are all
     */
    record Found(List<CommitSummary> commits, List<String> authors, Optional<String> unknown) {

        /** Of a promotion that changes nothing. */
        static final Found NOTHING = new Found(List.of(), List.of(), Optional.empty());

        private static final Optional<String> UNPROVEN =
                Optional.of("no environment before the target is known to have been healthy with this version");
    }

    /** A target at a commit of its branch. */
    record At(Target target, String branch, String commit) {

        static At of(Target target, String defaultBranch, String commit) {
            return new At(target, target.environment().branch().orElse(defaultBranch), commit);
        }

        List<String> paths() {
            Carries carries = target.application().carries();
            return Stream.concat(
                            target.environment().files().stream().map(ManifestFile::path),
                            carries == null
                                    ? Stream.empty()
                                    : Carried.of(carries, target.environment()).paths().stream())
                    .toList();
        }
    }

    /** @param changes of the target's images */
    Found of(At source, At target, List<ImageChange> changes) {
        Map<String, Optional<Version>> running = new HashMap<>();
        changes.stream()
                .filter(ImageChange::isChange)
                .forEach(change -> running.put(change.image(), Optional.ofNullable(change.from())));
        boolean nothingRuns = running.values().stream().allMatch(Optional::isEmpty);
        for (int depth : DEPTHS) {
            Optional<Found> found = found(source, target, running, nothingRuns, depth);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return new Found(
                List.of(),
                List.of(),
                Optional.of("the last " + DEPTHS.get(DEPTHS.size() - 1) + " commits do not tell when " + source.target()
                        + " held what " + target.target() + " runs now"));
    }

    /**
     * Of a version that is not known to have been healthy before the target: those who brought it where it was deployed
     * all the same. There may be others.
     *
     * @param changes of the target's images
     */
    Found ofUnproven(
            At target, Map<String, Version> release, List<ImageChange> changes, Ledger ledger, String defaultBranch) {
        Application application = target.target().application();
        Set<CommitSummary> commits = new LinkedHashSet<>();
        Set<String> authors = new LinkedHashSet<>();
        for (String name : target.target().environment().after()) {
            Target before = new Target(application, application.environment(name));
            String branch = before.environment().branch().orElse(defaultBranch);
            Snapshot tip = repository.tip(branch, progress);
            boolean isThere =
                    edit.images(tip, Bump.place(application, name)).entrySet().containsAll(release.entrySet());
            (isThere
                            ? Optional.of(tip.commit())
                            : ledger.of(application.name(), name).stream()
                                    .filter(one -> one.images().entrySet().containsAll(release.entrySet()))
                                    .map(Deployment::commit)
                                    .findFirst())
                    .map(commit -> of(new At(before, branch, commit), target, changes))
                    .ifPresent(found -> {
                        commits.addAll(found.commits());
                        authors.addAll(found.authors());
                    });
        }
        return new Found(List.copyOf(commits), List.copyOf(authors), Found.UNPROVEN);
    }

    /** Empty when more history is needed. */
    private Optional<Found> found(
            At source, At target, Map<String, Optional<Version>> running, boolean nothingRuns, int depth) {
        List<String> sourcePaths = source.paths();
        Set<String> paths = new LinkedHashSet<>(sourcePaths);
        if (source.branch().equals(target.branch())) {
            paths.addAll(target.paths());
        }
        Walk before = new Walk(source, paths, depth);
        Walk since = new Walk(target, target.paths(), depth);
        Optional<String> base;
        Optional<String> deployed;
        if (nothingRuns) {
            deployed = Optional.empty();
            base = Optional.empty();
        } else {
            deployed = since.lastWhile(at -> since.holds(at, running));
            if (deployed.isEmpty() || since.isExhausted()) {
                return Optional.empty();
            }
            FileHistory.Entry release = since.entries.get(deployed.get());
            base = before.first(at -> before.holds(at, running) && isBefore(at, release, source, target));
        }
        Optional<List<FileHistory.Entry>> brought = before.sinceWithout(base);
        Optional<List<FileHistory.Entry>> changed = nothingRuns ? Optional.of(List.of()) : since.sinceWithout(deployed);
        return brought.flatMap(commits -> changed.map(others -> summary(commits, others, sourcePaths)));
    }

    /** Whether what the target runs may have come from this commit of the source's branch. */
    private boolean isBefore(FileHistory.Entry at, FileHistory.Entry release, At source, At target) {
        String commit = at.info().commit();
        if (source.branch().equals(target.branch())) {
            return repository.isAncestor(source.branch(), commit, release.info().commit(), progress);
        }
        Optional<String> from = new Trailers(release.info().trailers())
                .value(Trailers.RELEASE_FROM)
                .filter(text -> text.startsWith(source.target().environment().name() + "@"))
                .map(text -> text.substring(text.indexOf('@') + 1))
                .filter(text -> text.matches("[0-9a-f]{40}"));
        return from.isPresent()
                ? repository.isAncestor(source.branch(), commit, from.get(), progress)
                : !at.info().committedAt().isAfter(release.info().committedAt());
    }

    private Found summary(List<FileHistory.Entry> commits, List<FileHistory.Entry> others, List<String> sourcePaths) {
        Set<String> authors = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        List<CommitSummary> summaries = new ArrayList<>();
        for (FileHistory.Entry commit : commits) {
            Trailers trailers = new Trailers(commit.info().trailers());
            Set<String> written = authors(commit.info(), trailers);
            authors.addAll(written);
            if (commit.info().author().equals(own) && !commit.info().signature().isTrusted()) {
                unknown.add("commit " + CommitInfo.abbreviate(commit.info().commit()) + " has the name of " + own.name()
                        + ", and not its signature");
            }
            trailers.value(Trailers.AUTHORS_UNKNOWN)
                    .ifPresent(clause -> unknown.add(
                            "of commit " + CommitInfo.abbreviate(commit.info().commit()) + ": " + clause));
            if (summaries.size() < MOST_COMMITS
                    && commit.contents().keySet().stream().anyMatch(sourcePaths::contains)) {
                summaries.add(new CommitSummary(
                        commit.info().commit(),
                        commit.info().message().lines().findFirst().orElse(""),
                        List.copyOf(written),
                        trailers.value(Trailers.SOURCE_COMMIT).orElse(null),
                        CommitReference.of(trailers).orElse(null)));
            }
        }
        others.forEach(other ->
                authors.addAll(authors(other.info(), new Trailers(other.info().trailers()))));
        Stream.concat(commits.stream(), others.stream())
                .map(FileHistory.Entry::info)
                .filter(CommitInfo::isUnread)
                .forEach(large -> unknown.add("commit " + CommitInfo.abbreviate(large.commit())
                        + " is too large to be read, and so are the authors that it names"));
        if (authors.size() > MOST_AUTHORS) {
            unknown.add("there are more than " + MOST_AUTHORS);
        }
        return new Found(
                summaries,
                authors.stream().limit(MOST_AUTHORS).toList(),
                unknown.stream().findFirst());
    }

    /** Whoever is said to have written it, and whoever Git says made it, unless that is this controller. */
    private Set<String> authors(CommitInfo commit, Trailers trailers) {
        Set<String> authors = new LinkedHashSet<>(trailers.values(Trailers.CHANGE_AUTHOR));
        boolean made = trailers.value(CommitRequest.BUMP_ID_TRAILER).isPresent()
                && commit.signature().isTrusted();
        for (Identity person : List.of(commit.author(), commit.committer())) {
            if (!(made && person.equals(own))) {
                authors.add(person.name() + " <" + person.email() + ">");
            }
        }
        authors.addAll(trailers.values(CO_AUTHOR));
        return authors;
    }

    /** The history of one branch, from a commit back. */
    private final class Walk {

        private final At from;
        private final Collection<String> paths;
        private final Map<String, FileHistory.Entry> entries;
        private final Map<Map<String, String>, Boolean> held = new HashMap<>();

        Walk(At from, Collection<String> paths, int depth) {
            this.from = from;
            this.paths = paths;
            this.entries = repository
                    .files(from.branch(), from.commit(), paths, depth, progress)
                    .byCommit();
        }

        /** Whether the files hold those images at a commit. */
        boolean holds(FileHistory.Entry at, Map<String, Optional<Version>> images) {
            Map<String, String> contents = new HashMap<>(at.contents());
            contents.keySet().retainAll(from.paths());
            Boolean known = held.get(contents);
            if (known == null) {
                known = !isExhausted() && read(at, images);
                held.put(contents, known);
            }
            return known;
        }

        /** Whether the files had more contents than are read: those count as something else. */
        boolean isExhausted() {
            return held.size() >= MOST_CONTENTS;
        }

        private boolean read(FileHistory.Entry at, Map<String, Optional<Version>> images) {
            try {
                Map<String, Version> found = edit.images(
                        repository.at(from.branch(), at.info().commit(), progress),
                        Bump.place(
                                from.target().application(),
                                from.target().environment().name()));
                return images.entrySet().stream()
                        .allMatch(image -> image.getValue().equals(Optional.ofNullable(found.get(image.getKey()))));
            } catch (GitOpsException notReadable) {
                if (notReadable instanceof RepositoryException && notReadable.getCause() != null) {
                    throw notReadable;
                }
                return false;
            }
        }

        /** The newest commit of the branch itself that satisfies it; empty when none at hand does. */
        Optional<String> first(Predicate<FileHistory.Entry> matching) {
            for (Optional<FileHistory.Entry> at = at(from.commit()); at.isPresent(); at = parent(at.get())) {
                if (matching.test(at.get())) {
                    return Optional.of(at.get().info().commit());
                }
            }
            return Optional.empty();
        }

        /** The oldest commit of the branch up to which all newer ones satisfy it; empty when that is not at hand. */
        Optional<String> lastWhile(Predicate<FileHistory.Entry> matching) {
            String last = from.commit();
            for (Optional<FileHistory.Entry> at = at(from.commit()); at.isPresent(); at = parent(at.get())) {
                if (!matching.test(at.get())) {
                    return Optional.of(last);
                }
                last = at.get().info().commit();
                if (at.get().parents().isEmpty()) {
                    return Optional.of(last);
                }
            }
            return Optional.empty();
        }

        /** What the commit has in its history and the base has not, as far as it touched a file; empty when not at hand. */
        Optional<List<FileHistory.Entry>> sinceWithout(Optional<String> base) {
            Set<String> old = base.map(this::reachable).orElse(Set.of());
            Set<String> fresh = new HashSet<>(List.of(from.commit()));
            List<String> open = new ArrayList<>(fresh);
            while (!open.isEmpty()) {
                FileHistory.Entry entry = entries.get(open.remove(open.size() - 1));
                if (entry == null) {
                    return Optional.empty();
                }
                entry.parents().stream()
                        .filter(parent -> !old.contains(parent))
                        .filter(fresh::add)
                        .forEach(open::add);
            }
            fresh.removeAll(old);
            return Optional.of(entries.values().stream()
                    .filter(entry -> fresh.contains(entry.info().commit()) && touches(entry))
                    .toList());
        }

        private Set<String> reachable(String base) {
            Set<String> seen = new HashSet<>(List.of(base));
            List<String> open = new ArrayList<>(seen);
            while (!open.isEmpty()) {
                FileHistory.Entry entry = entries.get(open.remove(open.size() - 1));
                if (entry != null) {
                    entry.parents().stream().filter(seen::add).forEach(open::add);
                }
            }
            return seen;
        }

        /** A merge that takes a file as one of its parents has it changes nothing of its own. */
        private boolean touches(FileHistory.Entry entry) {
            List<Map<String, String>> before = entry.parents().stream()
                    .map(parent -> at(parent).map(FileHistory.Entry::contents).orElse(Map.of()))
                    .toList();
            return paths.stream().anyMatch(path -> {
                String now = entry.contents().getOrDefault(path, "");
                return before.isEmpty()
                        ? !now.isEmpty()
                        : before.stream().noneMatch(parent -> now.equals(parent.getOrDefault(path, "")));
            });
        }

        private Optional<FileHistory.Entry> at(String commit) {
            return Optional.ofNullable(entries.get(commit));
        }

        private Optional<FileHistory.Entry> parent(FileHistory.Entry entry) {
            return entry.firstParent().flatMap(this::at);
        }
    }
}
