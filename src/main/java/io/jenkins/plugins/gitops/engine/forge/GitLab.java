package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GitLab. Whether a merge makes a commit or goes fast-forward is a setting of the project.
 *
 * @see <a href="https://docs.gitlab.com/api/merge_requests/">merge requests</a>
 */
final class GitLab extends PullRequests {

    private static final int LONGEST_DESCRIPTION = 255;

    /** Below the project, whose address is the client's. */
    private static final String REQUESTS = "/merge_requests";

    /** Path of the users, from the project's address: people are named by number. */
    private final String users;

    /** Whether the project has merge trains, by its path. */
    private final Cache<String, Boolean> trains =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(10)).build();

    GitLab(ForgeClient client, String users) {
        super(client);
        this.users = users;
    }

    @Override
    Optional<Long> number(String head, String base) {
        return best(
                own(REQUESTS + "?state=all&per_page=100&source_branch=" + encoded(head) + "&target_branch="
                        + encoded(base)),
                "iid",
                found -> isOpen(found.path("state").asText()));
    }

    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        return numbers(
                own(REQUESTS + "?state=opened&per_page=100&target_branch=" + encoded(base)),
                "iid",
                found -> found.path("source_branch").asText().startsWith(headPrefix));
    }

    /** Without those of forks, whose branches may have the same names. */
    private List<JsonNode> own(String path) {
        return client.list(path, "").stream()
                .filter(found -> found.path("source_project_id").equals(found.path("target_project_id")))
                .toList();
    }

    /** While it is being merged it is locked. */
    private static boolean isOpen(String state) {
        return state.equals("opened") || state.equals("locked");
    }

    @Override
    long open(NewPullRequest proposal) {
        return client.send(
                        "POST",
                        REQUESTS,
                        ForgeClient.object()
                                .put("source_branch", proposal.head())
                                .put("target_branch", proposal.base())
                                .put("title", proposal.title())
                                .put("description", proposal.body())
                                .put("remove_source_branch", true))
                .path("iid")
                .asLong();
    }

    @Override
    public PullRequest get(long number) {
        JsonNode told = client.get(path(number));
        String status = told.path("state").asText();
        State state = status.equals("merged") ? State.MERGED : isOpen(status) ? State.OPEN : State.CLOSED;
        String commit = told.path("sha").asText();
        return new PullRequest(
                number,
                told.path("web_url").asText(),
                told.path("source_branch").asText(),
                told.path("target_branch").asText(),
                told.path("description").asText(""),
                commit,
                state,
                // A fast-forward makes no commit of its own.
                state == State.MERGED
                        ? some(told.path("merge_commit_sha"))
                                .or(() -> some(told.path("squash_commit_sha")))
                                .or(() -> Optional.of(commit))
                        : Optional.empty(),
                switch (state) {
                    case OPEN -> Optional.empty();
                    case MERGED ->
                        some(told.path("merge_user").path("username"))
                                .or(() -> some(told.path("merged_by").path("username")));
                    case CLOSED -> some(told.path("closed_by").path("username"));
                },
                mergeability(told),
                reason(told),
                reviews(number),
                state == State.OPEN ? checks(told.path("head_pipeline")) : List.of(),
                state == State.OPEN ? handover(told) : Handover.NONE);
    }

    /** Trains are asked for where something is to be merged: a project has them or not. */
    private Handover handover(JsonNode told) {
        boolean isAccepted = told.path("merge_when_pipeline_succeeds").asBoolean();
        boolean hasTrains = trains.get(
                "",
                project -> client.getIfAllowed(project)
                        .path("merge_trains_enabled")
                        .asBoolean());
        Handover.By by = !isAccepted ? Handover.By.NOBODY : hasTrains ? Handover.By.QUEUE : Handover.By.AUTO_MERGE;
        return new Handover(hasTrains, by, Optional.empty());
    }

    private static String path(long number) {
        return REQUESTS + "/" + number;
    }

    private static String detail(JsonNode told) {
        // Before GitLab 15.6 there is only the other.
        return told.path("detailed_merge_status")
                .asText(told.path("merge_status").asText());
    }

    private static Mergeability mergeability(JsonNode told) {
        return switch (detail(told)) {
            case "mergeable", "can_be_merged" -> Mergeability.READY;
            case "conflict", "need_rebase", "cannot_be_merged" -> Mergeability.OUTDATED;
            case "checking", "unchecked", "preparing", "approvals_syncing", "cannot_be_merged_recheck", "" ->
                Mergeability.UNKNOWN;
            default -> Mergeability.BLOCKED;
        };
    }

    private static String reason(JsonNode told) {
        return mergeability(told) == Mergeability.READY
                ? ""
                : "GitLab says '" + detail(told).replace('_', ' ') + "'";
    }

    private List<PullRequest.Review> reviews(long number) {
        Decisions decisions = new Decisions();
        List<String> approving = new ArrayList<>();
        for (JsonNode by : client.getIfAllowed(path(number) + "/approvals").path("approved_by")) {
            JsonNode user = by.path("user");
            if (!isBot(user)) {
                approving.add(user.path("username").asText());
            }
        }
        Map<String, String> reviewed = approving.isEmpty() ? Map.of() : reviewed(number);
        approving.forEach(
                login -> decisions.approves(login, Optional.empty(), Optional.ofNullable(reviewed.get(login))));
        client.getIfAllowed(path(number) + "/reviewers").forEach(reviewer -> {
            if (reviewer.path("state").asText().equals("requested_changes")) {
                decisions.wantsChanges(reviewer.path("user").path("username").asText());
            }
        });
        return decisions.list();
    }

    /** Whether it stands for a token or a service, which only the user's own page says. */
    private boolean isBot(JsonNode user) {
        return client.getIfAllowed(users + "/" + user.path("id").asLong())
                .path("bot")
                .asBoolean();
    }

    /** By user, the commit that stood on the branch when the user approved last: approvals name none. */
    private Map<String, String> reviewed(long number) {
        Standing standing = new Standing();
        client.list(path(number) + "/versions?per_page=100", "")
                .forEach(version -> standing.stood(version.path("created_at"), version.path("head_commit_sha")));
        for (JsonNode note : client.list(path(number) + "/notes?per_page=100", "")) {
            boolean isApproval = note.path("system").asBoolean()
                    && note.path("body").asText().equals("approved this merge request");
            if (isApproval) {
                standing.approved(note.path("author").path("username").asText(), note.path("created_at"));
            }
        }
        return standing.commits();
    }

    private static List<Check> checks(JsonNode pipeline) {
        if (!pipeline.isObject()) {
            return List.of();
        }
        return List.of(new Check(
                "pipeline",
                switch (pipeline.path("status").asText()) {
                    case "success", "skipped" -> Outcome.PASSED;
                    case "failed", "canceled" -> Outcome.FAILED;
                    default -> Outcome.PENDING;
                }));
    }

    @Override
    public void describe(PullRequest request, String title, String body) {
        client.send(
                "PUT",
                path(request.number()),
                ForgeClient.object().put("title", title).put("description", body));
    }

    @Override
    public Set<Method> methods() {
        return Set.of(Method.MERGE, Method.SQUASH);
    }

    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        if (request.handover().hasQueue()) {
            handOver(request, method, subject, body);
        } else {
            client.send("PUT", path(request.number()) + "/merge", how(request, method, subject, body));
        }
    }

    private static ObjectNode how(PullRequest request, Method method, String subject, String body) {
        boolean squash = method == Method.SQUASH;
        return ForgeClient.object()
                .put("sha", request.headCommit())
                .put("squash", squash)
                .put("should_remove_source_branch", true)
                .put(squash ? "squash_commit_message" : "merge_commit_message", subject + "\n\n" + body);
    }

    /** Each of the two flags has the name that it has before GitLab 17.11, too. */
    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        if (request.handover().isAccepted()) {
            return;
        }
        if (request.handover().hasQueue()) {
            client.send(
                    "POST",
                    "/merge_trains" + path(request.number()),
                    ForgeClient.object()
                            .put("sha", request.headCommit())
                            .put("squash", method == Method.SQUASH)
                            .put("auto_merge", true)
                            .put("when_pipeline_succeeds", true));
        } else {
            client.send(
                    "PUT",
                    path(request.number()) + "/merge",
                    how(request, method, subject, body)
                            .put("auto_merge", true)
                            .put("merge_when_pipeline_succeeds", true));
        }
    }

    /** Of a train, too. */
    @Override
    public void takeBack(PullRequest request) {
        if (request.handover().isAccepted()) {
            client.send("POST", path(request.number()) + "/cancel_merge_when_pipeline_succeeds", null);
        }
    }

    @Override
    void decline(PullRequest request) {
        client.send("PUT", path(request.number()), ForgeClient.object().put("state_event", "close"));
    }

    @Override
    List<JsonNode> comments(PullRequest request) {
        return client.list(path(request.number()) + "/notes?per_page=100", "");
    }

    @Override
    String textOf(JsonNode comment) {
        return comment.path("body").asText();
    }

    @Override
    void addComment(PullRequest request, String text) {
        client.send(
                "POST", path(request.number()) + "/notes", ForgeClient.object().put("body", text));
    }

    @Override
    void editComment(PullRequest request, JsonNode comment, String text) {
        client.send(
                "PUT",
                path(request.number()) + "/notes/" + comment.path("id").asLong(),
                ForgeClient.object().put("body", text));
    }

    @Override
    public void requestReviewers(PullRequest request, List<String> reviewers) {
        ObjectNode body = ForgeClient.object();
        ArrayNode ids = body.putArray("reviewer_ids");
        client.get(path(request.number())).path("reviewers").forEach(known -> ids.add(known.path("id")));
        for (String name : reviewers) {
            JsonNode user = client.get(users + "?username=" + encoded(name)).path(0);
            if (user.isMissingNode()) {
                throw new ForgeException(
                        Kind.NOT_FOUND,
                        "GitLab knows no user '" + name
                                + "': correct 'reviewers', which are names of users; for a group"
                                + " declare an approval rule in GitLab.",
                        null,
                        null);
            }
            ids.add(user.path("id"));
        }
        client.send("PUT", path(request.number()), body);
    }

    @Override
    public void label(PullRequest request, List<String> labels) {
        client.send("PUT", path(request.number()), ForgeClient.object().put("add_labels", String.join(",", labels)));
    }

    @Override
    public void status(PullRequest request, String context, Outcome outcome, String description, String target) {
        client.send(
                "POST",
                "/statuses/" + request.headCommit(),
                ForgeClient.object()
                        .put("name", context)
                        .put("ref", request.head())
                        .put(
                                "state",
                                switch (outcome) {
                                    case PENDING -> "pending";
                                    case PASSED -> "success";
                                    case FAILED -> "failed";
                                })
                        .put("description", cut(description, LONGEST_DESCRIPTION))
                        .put("target_url", target));
    }
}
