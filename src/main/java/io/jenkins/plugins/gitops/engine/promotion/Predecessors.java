package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Chooses the environment a release comes from, so that none is skipped. */
final class Predecessors {

    private Predecessors() {}

    /**
     * @param from what the user asked for, or null
     * @param read finds the release that is live and healthy, or says why there is none
     * @throws PromotionRefusedException if the order forbids it or the predecessors do not agree
     */
    @NonNull
    static SourceRelease.Found choose(
            @NonNull Target target, @Nullable String from, @NonNull Function<Target, SourceRelease.Found> read) {
        List<String> after = target.environment().after();
        if (after.isEmpty()) {
            throw new PromotionRefusedException("Nothing comes before " + target
                    + " (gitops.yaml gives it no 'after'): write its images with gitopsBumpImage.");
        }
        if (from != null && !after.contains(from)) {
            target.application().environment(from);
            throw new PromotionRefusedException(target + " takes releases from " + String.join(" or ", after)
                    + ", not from " + from + ": promote to " + after.get(0) + " first.");
        }
        if (target.environment().afterPolicy() == AfterPolicy.ALL) {
            return all(target, after, from, read);
        }
        return any(target, from == null ? after : List.of(from), read);
    }

    private static SourceRelease.Found all(
            Target target, List<String> after, String from, Function<Target, SourceRelease.Found> read) {
        List<SourceRelease.Found> found =
                after.stream().map(name -> read.apply(sibling(target, name))).toList();
        SourceRelease.Found chosen = found.get(from == null ? 0 : after.indexOf(from));
        for (SourceRelease.Found other : found) {
            if (!other.images().equals(chosen.images())) {
                throw new PromotionRefusedException(target + " comes after " + String.join(" and ", after)
                        + ", and they run different releases ("
                        + found.stream()
                                .map(one -> one.target().environment().name() + ": " + Words.images(one.images()))
                                .collect(Collectors.joining("; "))
                        + "): bring them to the same release first.");
            }
        }
        return chosen;
    }

    /** The first, in the declaration's order, that has a healthy release. */
    private static SourceRelease.Found any(
            Target target, List<String> candidates, Function<Target, SourceRelease.Found> read) {
        List<GitOpsException> refusals = new ArrayList<>();
        for (String name : candidates) {
            try {
                return read.apply(sibling(target, name));
            } catch (PromotionRefusedException notThis) {
                refusals.add(notThis);
            }
        }
        if (refusals.size() == 1) {
            throw refusals.get(0);
        }
        throw new PromotionRefusedException("No environment before " + target + " has a healthy release: "
                + refusals.stream().map(GitOpsException::getMessage).collect(Collectors.joining(" ")));
    }

    private static Target sibling(Target target, String environment) {
        return new Target(target.application(), target.application().environment(environment));
    }
}
