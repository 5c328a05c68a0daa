package io.jenkins.plugins.gitops.steps.support;

import hudson.model.Cause;
import hudson.model.Run;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The users who started a run: by any of its causes, or by starting a run that triggered it, or that it replays or
 * rebuilds. Timers and pushes have none. And those runs, whose changes it may carry.
 */
final class RunStarters {

    /** Runs and causes that are looked at. */
    private static final int MOST = 500;

    private final Set<String> starters = new LinkedHashSet<>();
    private final Map<String, Run<?, ?>> seen = new LinkedHashMap<>();
    private final Deque<Cause> open = new ArrayDeque<>();

    private RunStarters() {}

    static RunStarters of(Run<?, ?> run) {
        RunStarters all = new RunStarters();
        all.add(run);
        for (int looked = 0; looked < MOST && !all.open.isEmpty(); looked++) {
            all.follow(all.open.remove());
        }
        return all;
    }

    /** Ids, those of the run's own causes first. */
    List<String> ids() {
        return List.copyOf(starters);
    }

    /** The run, and those that led to it. */
    Collection<Run<?, ?>> runs() {
        return Collections.unmodifiableCollection(seen.values());
    }

    /** Why there may be more; empty when these are all. */
    Optional<String> unknown() {
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "the run has more than " + MOST + " causes, and not all of those who started it are known");
    }

    private void add(Run<?, ?> run) {
        if (seen.putIfAbsent(run.getExternalizableId(), run) == null) {
            open.addAll(run.getCauses());
        }
    }

    private void follow(Cause cause) {
        if (cause instanceof Cause.UserIdCause user && user.getUserId() != null) {
            starters.add(user.getUserId());
        }
        if (cause instanceof Cause.UpstreamCause upstream) {
            open.addAll(upstream.getUpstreamCauses());
            Run<?, ?> run = upstream.getUpstreamRun();
            if (run != null) {
                add(run);
            }
        }
        original(cause).ifPresent(this::add);
    }

    /** The run that is replayed, or restarted from one of its stages: plugins of their own have those causes. */
    private static Optional<Run<?, ?>> original(Cause cause) {
        try {
            return cause.getClass().getMethod("getOriginal").invoke(cause) instanceof Run<?, ?> run
                    ? Optional.of(run)
                    : Optional.empty();
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException noReplay) {
            return Optional.empty();
        }
    }
}
