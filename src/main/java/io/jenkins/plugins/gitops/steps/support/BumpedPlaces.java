package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run has bumped, and from which source commit: changes before it need not be looked for any more. */
public final class BumpedPlaces extends InvisibleAction {

    /** Place to source commit, which is empty where it is not known. */
    private final Map<String, String> commits = new TreeMap<>();

    /** Remembers with the run that it has bumped. */
    public static void remember(Run<?, ?> run, EnvVars environment, Collection<String> places) throws IOException {
        synchronized (run) {
            BumpedPlaces record = run.getAction(BumpedPlaces.class);
            if (record == null) {
                record = new BumpedPlaces();
                run.addAction(record);
            }
            record.add(places, RunProvenance.commit(environment));
            run.save();
        }
    }

    private synchronized void add(Collection<String> places, @CheckForNull String commit) {
        places.forEach(place -> commits.put(place, Objects.requireNonNullElse(commit, "")));
    }

    synchronized Set<String> places() {
        return Set.copyOf(commits.keySet());
    }

    /** The source commits of those places that it has bumped. */
    synchronized Set<String> commits(Collection<String> places) {
        return places.stream().filter(commits::containsKey).map(commits::get).collect(Collectors.toSet());
    }
}
