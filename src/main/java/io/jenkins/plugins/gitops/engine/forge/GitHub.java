package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * GitHub, also as Enterprise Server.
 *
 * @see <a href="https://docs.github.com/en/rest/pulls/pulls">pull requests</a>
 */
final class GitHub extends GitHubLike {

    private static final int LONGEST_DESCRIPTION = 140;

    private final String owner;
    private final String name;

    /** Branches that have no merge queue. */
    private final Cache<String, Boolean> noQueue = Caffeine.newBuilder()
            .maximumSize(100)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    GitHub(ForgeClient client, String owner, String name) {
        super(client);
        this.owner = owner;
        this.name = name;
    }

    @Override
    Optional<Long> number(String head, String base) {
        return best(
                client.list(
                        "/pulls?state=all&per_page=100&head=" + encoded(owner + ":" + head) + "&base=" + encoded(base),
                        ""),
                "number",
                found -> found.path("state").asText().equals("open"));
    }

    /** A fork's pull request is none of the plugin's, whatever its branch is called. */
    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        return numbers(
                client.list("/pulls?state=open&per_page=100&base=" + encoded(base), ""),
                "number",
                found -> found.path("head").path("ref").asText().startsWith(headPrefix)
                        && found.at("/head/repo/id").equals(found.at("/base/repo/id")));
    }

    @Override
    long open(Proposal proposal) {
        ObjectNode body = ForgeClient.object()
                .put("head", proposal.head())
                .put("base", proposal.base())
                .put("title", proposal.title())
                .put("body", proposal.body());
        return client.send("POST", "/pulls", body).path("number").asLong();
    }

    @Override
    public PullRequest get(long number) {
        JsonNode told = client.get("/pulls/" + number);
        boolean isOpen = told.path("state").asText().equals("open");
        State state = told.path("merged").asBoolean() ? State.MERGED : isOpen ? State.OPEN : State.CLOSED;
        String commit = told.path("head").path("sha").asText();
        String base = told.path("base").path("ref").asText();
        Mergeability mergeability =
                state == State.OPEN && isLeftToQueue(told, base) ? Mergeability.READY : mergeability(told);
        return new PullRequest(
                number,
                told.path("html_url").asText(),
                told.path("head").path("ref").asText(),
                base,
                told.path("body").asText(""),
                commit,
                state,
                state == State.MERGED ? some(told.path("merge_commit_sha")) : Optional.empty(),
                switch (state) {
                    case OPEN -> Optional.empty();
                    case MERGED -> some(told.path("merged_by").path("login"));
                    case CLOSED ->
                        some(client.get("/issues/" + number).path("closed_by").path("login"));
                },
                mergeability,
                mergeability == Mergeability.READY ? "" : reason(told),
                reviews(number),
                state == State.OPEN ? checks(commit) : List.of());
    }

    /** A merge queue brings a branch up to date itself, and says itself which rule is not met: GitHub calls both blocked. */
    private boolean isLeftToQueue(JsonNode told, String base) {
        return switch (told.path("mergeable_state").asText("unknown")) {
            case "behind", "blocked", "unknown" ->
                queue(base, told.path("number").asLong()).isObject();
            default -> false;
        };
    }

    private static Mergeability mergeability(JsonNode told) {
        return switch (told.path("mergeable_state").asText("unknown")) {
            // An unstable one has a check that no rule requires and that has not passed.
            case "clean", "has_hooks", "unstable" -> Mergeability.READY;
            case "dirty", "behind" -> Mergeability.OUTDATED;
            case "blocked", "draft" -> Mergeability.BLOCKED;
            default -> Mergeability.UNKNOWN;
        };
    }

    private static String reason(JsonNode told) {
        return switch (told.path("mergeable_state").asText("unknown")) {
            case "dirty" -> "it conflicts with its base";
            case "behind" -> "its branch is behind its base";
            case "blocked" -> "the rules of the branch require a review or a check";
            case "draft" -> "it is a draft";
            default -> "";
        };
    }

    private List<PullRequest.Review> reviews(long number) {
        Decisions decisions = new Decisions();
        for (JsonNode review : client.list("/pulls/" + number + "/reviews?per_page=100", "")) {
            String login = review.path("user").path("login").asText();
            switch (review.path("state").asText()) {
                case "APPROVED" -> decisions.approves(login, Optional.empty(), some(review.path("commit_id")));
                case "CHANGES_REQUESTED" -> decisions.wantsChanges(login);
                case "DISMISSED" -> decisions.withdraws(login);
                default -> {
                    // A comment decides nothing.
                }
            }
        }
        return decisions.list();
    }

    private List<Check> checks(String commit) {
        List<Check> checks = new ArrayList<>();
        for (JsonNode run : allowed("/commits/" + commit + "/check-runs?per_page=100", "check_runs")) {
            boolean isDone = run.path("status").asText().equals("completed");
            checks.add(new Check(
                    run.path("name").asText(),
                    !isDone
                            ? Outcome.PENDING
                            : switch (run.path("conclusion").asText()) {
                                case "success", "neutral", "skipped" -> Outcome.PASSED;
                                default -> Outcome.FAILED;
                            }));
        }
        for (JsonNode status : allowed("/commits/" + commit + "/status?per_page=100", "statuses")) {
            checks.add(new Check(
                    status.path("context").asText(),
                    switch (status.path("state").asText()) {
                        case "success" -> Outcome.PASSED;
                        case "pending" -> Outcome.PENDING;
                        default -> Outcome.FAILED;
                    }));
        }
        return checks;
    }

    /** A token for pull requests alone may not read checks; whether one is required, the server knows. */
    private List<JsonNode> allowed(String path, String field) {
        try {
            return client.list(path, field);
        } catch (ForgeException e) {
            if (e.kind() == ForgeException.Kind.FORBIDDEN || e.kind() == ForgeException.Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** What a merge queue knows of it; a missing node where the branch has none, or GitHub is too old to have them. */
    private JsonNode queue(PullRequest request) {
        return queue(request.base(), request.number());
    }

    private JsonNode queue(String base, long number) {
        if (noQueue.getIfPresent(base) != null) {
            return MissingNode.getInstance();
        }
        JsonNode told = graph(
                        "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name)"
                                + " { pullRequest(number: $number) { id mergeQueue { id }"
                                + " mergeQueueEntry { id headCommit { oid } } } } }",
                        ForgeClient.object()
                                .put("owner", owner)
                                .put("name", name)
                                .put("number", number))
                .at("/data/repository/pullRequest");
        if (told.path("mergeQueue").path("id").isTextual()) {
            return told;
        }
        noQueue.put(base, true);
        return MissingNode.getInstance();
    }

    /** A token that may not ask finds no queue: GitHub refuses the merge then, and says why. */
    private JsonNode graph(String query, ObjectNode variables) {
        String api = client.api().toString().replaceFirst("/repos/.*", "").replaceFirst("/api/v3$", "/api");
        try {
            return client.send(
                    "POST",
                    api + "/graphql",
                    ForgeClient.object().put("query", query).set("variables", variables));
        } catch (ForgeException e) {
            if (e.mayPass()) {
                throw e;
            }
            return MissingNode.getInstance();
        }
    }

    private void changeQueue(String mutation, ObjectNode input) {
        JsonNode answer = graph(mutation, ForgeClient.object().set("input", input));
        JsonNode error = answer.path("errors").path(0).path("message");
        if (answer.isMissingNode() || error.isTextual()) {
            throw new ForgeException(
                    ForgeException.Kind.REFUSED,
                    "GitHub's merge queue refuses: "
                            + cut(error.asText("the login may not use it"), LONGEST_DESCRIPTION),
                    null,
                    null);
        }
    }

    @Override
    public void takeBack(PullRequest request) {
        JsonNode queued = queue(request);
        if (queued.path("mergeQueueEntry").isObject()) {
            changeQueue(
                    "mutation($input: DequeuePullRequestInput!) { dequeuePullRequest(input: $input)"
                            + " { clientMutationId } }",
                    ForgeClient.object().put("id", queued.path("id").asText()));
        }
    }

    @Override
    public Optional<String> queued(PullRequest request) {
        return some(queue(request).at("/mergeQueueEntry/headCommit/oid"));
    }

    /** Where the branch has a merge queue, it merges in its own way, once what it tests is as it must be. */
    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        JsonNode queue = queue(request);
        if (queue.path("mergeQueueEntry").isObject()) {
            return;
        }
        if (queue.isObject()) {
            changeQueue(
                    "mutation($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input)"
                            + " { clientMutationId } }",
                    ForgeClient.object()
                            .put("pullRequestId", queue.path("id").asText())
                            .put("expectedHeadOid", request.headCommit()));
            return;
        }
        ObjectNode how = ForgeClient.object()
                .put("sha", request.headCommit())
                .put("merge_method", method.name().toLowerCase(Locale.ROOT));
        if (method != Method.REBASE) {
            how.put("commit_title", subject).put("commit_message", body);
        }
        client.send("PUT", "/pulls/" + request.number() + "/merge", how);
    }

    @Override
    List<JsonNode> comments(PullRequest request) {
        return client.list("/issues/" + request.number() + "/comments?per_page=100", "");
    }

    @Override
    public void label(PullRequest request, List<String> labels) {
        ObjectNode body = ForgeClient.object();
        labels.forEach(body.putArray("labels")::add);
        client.send("POST", "/issues/" + request.number() + "/labels", body);
    }

    @Override
    public void status(PullRequest request, String context, Outcome outcome, String description, String target) {
        client.send(
                "POST",
                "/statuses/" + request.headCommit(),
                ForgeClient.object()
                        .put("context", context)
                        .put(
                                "state",
                                switch (outcome) {
                                    case PENDING -> "pending";
                                    case PASSED -> "success";
                                    case FAILED -> "failure";
                                })
                        .put("description", cut(description, LONGEST_DESCRIPTION))
                        .put("target_url", target));
    }
}
