package io.jenkins.plugins.gitops.playground.world;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.playground.sample.Git;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A minimal server of pull requests for the config repository, simulated: it speaks to the plugin as GitHub does, and merges
 * in the bare repository. People act at its page under the login {@code octo-<user>}.
 */
public final class PullRequestServer implements AutoCloseable {

    /** How logins of people begin. */
    public static final String LOGIN = "octo-";

    private final Git bare;
    private final ForgeServer forge;

    /** A pull request for its page. */
    public record View(
            int number,
            @NonNull String title,
            @NonNull String head,
            @NonNull String state,
            @NonNull String by,
            @NonNull String body,
            @NonNull Map<String, String> reviews,
            @NonNull Map<String, String> statuses,
            @NonNull List<String> comments,
            @NonNull List<String> labels,
            @NonNull List<String> reviewers) {}

    /** @param git address of the repository at the Git server */
    PullRequestServer(Git bare, String git) throws IOException {
        this.bare = bare;
        forge = ForgeServer.gitHub(git);
        forge.tips = this::tip;
        forge.looking = pull -> {
            pull.sha = tip(pull.head);
            // One whose base has moved is applied again by the plugin, so that nothing has to be merged here.
            pull.conflicts = !bare.run("merge-base", pull.base, pull.head).equals(tip(pull.base));
        };
        forge.merging = this::merge;
    }

    private String tip(String branch) {
        return bare.run("rev-parse", "refs/heads/" + branch);
    }

    private String merge(Pull pull) {
        String base = tip(pull.base);
        List<String> commit =
                new ArrayList<>(List.of("commit-tree", pull.head + "^{tree}", "-p", base, "-m", pull.mergeMessage));
        if (pull.mergeMethod.equals("merge")) {
            commit.addAll(List.of("-p", pull.head));
        }
        String merged = bare.run(commit.toArray(new String[0]));
        bare.run("update-ref", "refs/heads/" + pull.base, merged, base);
        return merged;
    }

    /** The config repository, with pull requests. */
    @NonNull
    public String cloneUrl() {
        return forge.url("/acme/config.git");
    }

    /** Where the pages of pull requests are, before their numbers. */
    public void servedAt(@NonNull String pages) {
        forge.pages = pages;
    }

    /** Newest first. */
    @NonNull
    public List<View> all() {
        synchronized (forge) {
            List<View> all = new ArrayList<>();
            forge.pulls.forEach(pull -> all.add(view(pull)));
            Collections.reverse(all);
            return all;
        }
    }

    private static View view(Pull pull) {
        return new View(
                pull.number,
                pull.title,
                pull.head,
                pull.state,
                pull.by,
                pull.body,
                Map.copyOf(pull.reviews),
                Map.copyOf(pull.statuses),
                List.copyOf(pull.comments.values()),
                List.copyOf(pull.labels),
                List.copyOf(pull.reviewers));
    }

    /**
     * Somebody acts on an open pull request.
     *
     * @param verb approve, request-changes, merge or close
     * @throws RefusedException if that is not possible
     */
    public void act(int number, @NonNull String verb, @NonNull String user) {
        synchronized (forge) {
            Pull pull = forge.pulls.stream()
                    .filter(one -> one.number == number && one.isOpen())
                    .findFirst()
                    .orElseThrow(() -> new RefusedException("There is no open pull request " + number + "."));
            forge.looking.accept(pull);
            switch (verb) {
                case "approve" -> pull.review(LOGIN + user, "approved");
                case "request-changes" -> pull.review(LOGIN + user, "changes");
                case "merge" -> mergeBy(pull, LOGIN + user);
                case "close" -> {
                    pull.state = "closed";
                    pull.by = LOGIN + user;
                }
                default -> throw new RefusedException("Nobody can " + verb + " a pull request.");
            }
        }
    }

    private void mergeBy(Pull pull, String login) {
        if (pull.conflicts) {
            throw new RefusedException("The branch is behind " + pull.base + "; the plugin brings it up to date.");
        }
        pull.mergeMethod = "squash";
        pull.mergeMessage = pull.title + " (#" + pull.number + ")";
        pull.mergeCommit = merge(pull);
        pull.state = "merged";
        pull.by = login;
    }

    @Override
    public void close() {
        forge.close();
    }
}
