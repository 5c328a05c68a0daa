package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a promotion takes along.
 *
 * @param target where it is live and healthy, or was; the target of the promotion where no environment before it proves it
 * @param commit of the config repository, at which the target's files have these images; empty likewise
 * @param origin where what it carries is; null if it carries nothing
 */
record SourceRelease(
        Target target,
        String commit,
        Map<String, Version> images,
        @Nullable ReleaseEdit.Origin origin) {

    /** One that carries nothing besides images and versions. */
    SourceRelease(Target target, String commit, Map<String, Version> images) {
        this(target, commit, Release.withoutCarried(images), null);
    }

    /** Whether the files hold nothing of what the application declares to move by name. */
    boolean isEmpty() {
        Application application = target.application();
        return Release.withoutCarried(images).isEmpty()
                && !(images.containsKey(Carries.NAME)
                        && application.images().isEmpty()
                        && application.versions().isEmpty());
    }

    /**
     * Chooses the environment that a release comes from, so that none is skipped.
     *
     * @param from what the user asked for, or null
     * @param read finds the release that is live and healthy; throws a {@link RefusedException} if there is none
     * @throws RefusedException if the order forbids it or the predecessors do not agree
     */
    static SourceRelease choose(Target target, @Nullable String from, Function<Target, SourceRelease> read) {
        List<String> candidates = candidates(target, from);
        if (candidates.isEmpty()) {
            throw new RefusedException("No environment comes before " + target
                    + " (gitops.yaml gives it no 'after'): write its images with gitopsBumpImage, or name the"
                    + " version with 'images' or 'tag'.");
        }
        if (target.environment().afterPolicy() == AfterPolicy.ALL) {
            return all(target, target.environment().after(), from, read);
        }
        return any(target, candidates, read);
    }

    /**
     * The environments that a release may come from; empty where nothing comes before the target.
     *
     * @param from the only one that the user wants, or null
     * @throws RefusedException if the order forbids it
     */
    static List<String> candidates(Target target, @Nullable String from) {
        List<String> after = target.environment().after();
        if (from == null) {
            return after;
        }
        if (!after.contains(from)) {
            target.application().environment(from);
            throw new RefusedException(
                    after.isEmpty()
                            ? "No environment comes before " + target
                                    + " (gitops.yaml gives it no 'after'): leave out 'from'."
                            : target + " takes releases from " + String.join(" or ", after) + ", not from " + from
                                    + ": promote to " + after.get(0) + " first.");
        }
        return List.of(from);
    }

    private static SourceRelease all(
            Target target, List<String> after, String from, Function<Target, SourceRelease> read) {
        List<SourceRelease> releases =
                after.stream().map(name -> read.apply(sibling(target, name))).toList();
        SourceRelease chosen = releases.get(from == null ? 0 : after.indexOf(from));
        if (!releases.stream().allMatch(other -> other.images().equals(chosen.images()))) {
            throw new RefusedException(target + " comes after " + String.join(" and ", after)
                    + ", and they run different releases ("
                    + releases.stream()
                            .map(one -> one.target().environment().name() + ": " + Release.text(one.images()))
                            .collect(Collectors.joining("; "))
                    + "): bring them to the same release first.");
        }
        return chosen;
    }

    /** The first, in the declaration's order, that has a healthy release. */
    private static SourceRelease any(Target target, List<String> candidates, Function<Target, SourceRelease> read) {
        List<GitOpsException> refusals = new ArrayList<>();
        for (String name : candidates) {
            try {
                return read.apply(sibling(target, name));
            } catch (RefusedException notThis) {
                refusals.add(notThis);
            }
        }
        if (refusals.size() == 1) {
            throw refusals.get(0);
        }
        throw new RefusedException("No environment before " + target + " has a healthy release: "
                + refusals.stream().map(GitOpsException::getMessage).collect(Collectors.joining(" ")));
    }

    private static Target sibling(Target target, String environment) {
        return new Target(target.application(), target.application().environment(environment));
    }
}
