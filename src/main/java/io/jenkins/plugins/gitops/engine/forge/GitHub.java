package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
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
    long open(NewPullRequest proposal) {
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
        JsonNode queue = state == State.OPEN ? queue(base, number) : MissingNode.getInstance();
        Mergeability mergeability = queue.isObject() && isLeftToQueue(told) ? Mergeability.READY : mergeability(told);
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
                state == State.OPEN ? checks(commit) : List.of(),
                state == State.OPEN ? handover(told, queue) : Handover.NONE);
    }

    /** A merge queue brings a branch up to date itself, and says itself which rule is not met: GitHub calls both blocked. */
    private static boolean isLeftToQueue(JsonNode told) {
        return switch (told.path("mergeable_state").asText("unknown")) {
            case "behind", "blocked", "unknown" -> true;
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
                case "APPROVED" -> {
                    // A bot takes back its own request for changes, and no more.
                    if (review.at("/user/type").asText().equals("Bot")) {
                        decisions.withdraws(login);
                    } else {
                        decisions.approves(login, Optional.empty(), some(review.path("commit_id")));
                    }
                }
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
    private JsonNode queue(String base, long number) {
        if (noQueue.getIfPresent(base) != null) {
            return MissingNode.getInstance();
        }
        JsonNode told = graph(
                        "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name)"
                                + " { pullRequest(number: $number) { mergeQueue { id }"
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

    private static Handover handover(JsonNode told, JsonNode queue) {
        boolean isQueued = queue.path("mergeQueueEntry").isObject();
        boolean isAuto = told.path("auto_merge").isObject();
        return new Handover(
                queue.isObject(),
                isQueued ? Handover.By.QUEUE : isAuto ? Handover.By.AUTO_MERGE : Handover.By.NOBODY,
                some(queue.at("/mergeQueueEntry/headCommit/oid")));
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

    /** @param what refuses, in sentences */
    private void change(String what, String mutation, ObjectNode input) {
        String type = Character.toUpperCase(mutation.charAt(0)) + mutation.substring(1) + "Input";
        JsonNode answer = graph(
                "mutation($input: " + type + "!) { " + mutation + "(input: $input) { clientMutationId } }",
                ForgeClient.object().set("input", input));
        JsonNode error = answer.path("errors").path(0).path("message");
        if (answer.isMissingNode() || error.isTextual()) {
            throw new ForgeException(
                    ForgeException.Kind.REFUSED,
                    "GitHub's " + what + " refuses: "
                            + cut(error.asText("the login may not use it"), LONGEST_DESCRIPTION),
                    null,
                    null);
        }
    }

    /** By which GraphQL knows it. */
    private String id(PullRequest request) {
        return client.get("/pulls/" + request.number()).path("node_id").asText();
    }

    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        if (request.handover().isAccepted()) {
            return;
        }
        ObjectNode how =
                ForgeClient.object().put("pullRequestId", id(request)).put("expectedHeadOid", request.headCommit());
        if (request.handover().hasQueue()) {
            change("merge queue", "enqueuePullRequest", how);
            return;
        }
        how.put("mergeMethod", method.name());
        if (method != Method.REBASE) {
            how.put("commitHeadline", subject).put("commitBody", body);
        }
        change("auto-merge", "enablePullRequestAutoMerge", how);
    }

    @Override
    public void takeBack(PullRequest request) {
        switch (request.handover().by()) {
            case QUEUE ->
                change("merge queue", "dequeuePullRequest", ForgeClient.object().put("id", id(request)));
            case AUTO_MERGE ->
                change(
                        "auto-merge",
                        "disablePullRequestAutoMerge",
                        ForgeClient.object().put("pullRequestId", id(request)));
            case NOBODY -> {
                // There is nothing to take back.
            }
        }
    }

    /** Where the branch has a merge queue, it merges in its own way, once what it tests is as it must be. */
    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        if (request.handover().hasQueue()) {
            handOver(request, method, subject, body);
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
