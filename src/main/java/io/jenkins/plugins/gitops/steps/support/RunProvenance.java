package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.engine.ledger.CommitReference;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;

/** What a run knows about the origin of a change. */
public final class RunProvenance {

    /** Runs of a job that are looked at for the last one that bumped; each is read from disk. */
    private static final int MOST_RUNS = 100;

    /** The Git plugin leaves out the older ones of more commits than this. */
    private static final int LONGEST_CHANGELOG = 1_024;

    private RunProvenance() {}

    /**
     * Of what the run does itself: with the changes of the runs that triggered it, and of the one that it replays or
     * rebuilds, which has the changelog.
     *
     * @param environment the step's environment: {@code GIT_COMMIT} is the source commit, as the Git plugin sets it
     */
    public static Provenance of(Run<?, ?> run, EnvVars environment) {
        Set<String> authors = new LinkedHashSet<>();
        RunStarters origin = RunStarters.of(run);
        origin.runs().forEach(one -> addAuthors(one, authors));
        return provenance(run, environment, authors, null, origin);
    }

    /**
     * Of a release that the run bumps: with the changes of earlier runs, whose build may have failed before their bump.
     *
     * @param places where it is bumped to, as {@link BumpedPlaces} remembers them
     */
    public static Provenance of(Run<?, ?> run, EnvVars environment, Collection<String> places) {
        Set<String> authors = new LinkedHashSet<>();
        Optional<String> unknown = addAuthorsSince(run, environment, places, authors);
        return provenance(run, environment, authors, unknown.orElse(null), RunStarters.of(run));
    }

    private static Provenance provenance(
            Run<?, ?> run, EnvVars environment, Set<String> authors, @CheckForNull String unknown, RunStarters by) {
        List<String> starters = by.ids();
        String commit = commit(environment);
        return new Provenance(
                address(run),
                starters.isEmpty() ? null : starters.get(0),
                commit,
                List.copyOf(authors),
                null,
                run.getParent().getFullName(),
                starters,
                unknown == null ? by.unknown().orElse(null) : unknown,
                commit == null ? null : reference(run, commit, Util.fixEmptyAndTrim(environment.get("GIT_URL"))));
    }

    /** What the run knows of its source commit: its changelog names it, where the commit is new. */
    private static CommitReference reference(Run<?, ?> run, String commit, @CheckForNull String url) {
        if (run instanceof RunWithSCM<?, ?> changed) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : changed.getChangeSets()) {
                for (ChangeLogSet.Entry change : set) {
                    if (commit.equals(change.getCommitId())) {
                        User author = change.getAuthor();
                        String address = CurrentPerson.mailAddress(author);
                        return new CommitReference(
                                commit,
                                url,
                                address == null ? null : author.getFullName() + " <" + address + ">",
                                change.getTimestamp() > 0
                                        ? Instant.ofEpochMilli(change.getTimestamp())
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString()
                                        : null,
                                change.getMsg());
                    }
                }
            }
        }
        return new CommitReference(commit, url, null, null, null);
    }

    /** The source commit that the step's environment names, or null. */
    @CheckForNull
    static String commit(EnvVars environment) {
        return Util.fixEmptyAndTrim(environment.get("GIT_COMMIT"));
    }

    /** Why there may be more authors; empty when these are all. */
    private static Optional<String> addAuthorsSince(
            Run<?, ?> run, EnvVars environment, Collection<String> places, Set<String> authors) {
        if (!(run instanceof RunWithSCM<?, ?>)) {
            return Optional.empty();
        }
        Set<String> missing = new HashSet<>(places);
        Set<String> bumped = new HashSet<>();
        int changes = addAuthors(run, authors);
        boolean cut = changes >= LONGEST_CHANGELOG;
        Run<?, ?> at = run;
        for (int runs = 1; ; runs++) {
            Run<?, ?> before = at.getPreviousBuild();
            if (before == null || runs == MOST_RUNS) {
                return Optional.of("no earlier run of " + run.getParent().getFullName()
                        + " that is kept has bumped there, so changes before it are not known");
            }
            if (before.getNumber() != at.getNumber() - 1) {
                return Optional.of("a run between #" + before.getNumber() + " and #" + at.getNumber()
                        + " was deleted, whose changes are not known");
            }
            BumpedPlaces record = before.getAction(BumpedPlaces.class);
            if (record != null) {
                bumped.addAll(record.commits(missing));
                missing.removeAll(record.places());
            }
            if (missing.isEmpty()) {
                return cut
                        ? Optional.of("a changelog has more commits than Jenkins reads")
                        : withoutChangelog(changes, bumped, commit(environment));
            }
            int more = addAuthors(before, authors);
            cut |= more >= LONGEST_CHANGELOG;
            changes += more;
            at = before;
        }
    }

    /** Nothing has changed where the same commit was bumped before; else a changelog is missing. */
    private static Optional<String> withoutChangelog(int changes, Set<String> bumped, @CheckForNull String commit) {
        boolean same = commit != null && bumped.equals(Set.of(commit));
        return changes > 0 || same
                ? Optional.empty()
                : Optional.of("the run has no changelog: it was skipped, or nothing was checked out");
    }

    /**
     * Adds the users who wrote what the run checked out anew; Jenkins finds the user to each commit's author.
     *
     * @return how many changes there are
     */
    private static int addAuthors(Run<?, ?> run, Set<String> authors) {
        int changes = 0;
        if (run instanceof RunWithSCM<?, ?> changed) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : changed.getChangeSets()) {
                for (ChangeLogSet.Entry change : set) {
                    authors.add(name(change.getAuthor()));
                    changes++;
                }
            }
        }
        return changes;
    }

    /** The id, with the name before it where it is another: the approver may have another id. */
    private static String name(User author) {
        String name = author.getFullName();
        return name.equalsIgnoreCase(author.getId()) ? author.getId() : name + " <" + author.getId() + ">";
    }

    /** The run's address, or its name where Jenkins does not know its own address. */
    private static String address(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? run.getExternalizableId() : root + run.getUrl();
    }
}
