package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.Rendered;
import java.util.List;

/** A line of up to ten commits, numbered from 0; number 1 is the one that is waited for. */
final class Commits {

    private Commits() {}

    static String commit(int number) {
        return "0".repeat(39) + number;
    }

    /** A hydrated commit has the id of the dry one in reverse. */
    static int number(String commit) {
        return Math.max(commit.charAt(39), commit.charAt(0)) - '0';
    }

    /** Even commits keep the image of the one before: they change something else. */
    static String image(int number) {
        return "ghcr.io/acme/shop:" + (number + 1) / 2;
    }

    static Rendered rendered(boolean hydrated, int number) {
        String revision = hydrated ? new StringBuilder(commit(number)).reverse().toString() : commit(number);
        return new Rendered(revision, List.of(image(number)), "tree " + number);
    }

    static CommitRelation relation(String revision) {
        int number = number(revision);
        return number == 1 ? CommitRelation.SAME : number > 1 ? CommitRelation.NEWER : CommitRelation.OLDER;
    }
}
