package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** GitHub's REST API, as Enterprise Server has it below {@code /api/v3}. */
public final class GitHubDialect extends Dialect {

    private static final String REPOSITORY = "/api/v3/repos/acme/config";

    private final ForgeServer server;

    GitHubDialect(ForgeServer server) {
        this.server = server;
        on("GET", REPOSITORY + "/pulls", (call, path) -> {
            String head = call.query().get("head");
            return paged(
                    call,
                    server.of(
                                    head == null ? null : head.replaceFirst("^acme:", ""),
                                    call.query().get("base"))
                            .filter(pull ->
                                    pull.isOpen() || call.query().get("state").equals("all"))
                            .filter(pull -> head == null || !pull.fork)
                            .map(this::told)
                            .toList());
        });
        on("POST", "/api/graphql", (call, path) -> Reply.ok(graph(call.body())));
        on("POST", REPOSITORY + "/pulls", (call, path) -> {
            String head = call.body().path("head").asText();
            String base = call.body().path("base").asText();
            if (server.open(head, base).isPresent()) {
                ObjectNode refused = ForgeServer.object().put("message", "Validation Failed");
                refused.putArray("errors").addObject().put("message", "A pull request already exists for acme:" + head);
                return new Reply(422, refused);
            }
            return new Reply(
                    201,
                    told(server.add(
                            head,
                            base,
                            call.body().path("title").asText(),
                            call.body().path("body").asText())));
        });
        on("GET", REPOSITORY + "/pulls/(\\d+)", (call, path) -> Reply.ok(told(server.pull(path.group(1)))));
        on("PATCH", REPOSITORY + "/pulls/(\\d+)", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (pull.state.equals("merged") && call.body().has("state")) {
                return new Reply(422, ForgeServer.object().put("message", "It was merged."));
            }
            ForgeServer.texts(call.body(), "title", text -> pull.title = text);
            ForgeServer.texts(call.body(), "body", text -> pull.body = text);
            ForgeServer.texts(call.body(), "state", text -> {
                pull.state = text;
                pull.by = "closer";
            });
            return Reply.ok(told(pull));
        });
        on("PUT", REPOSITORY + "/pulls/(\\d+)/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (server.hasQueue) {
                return new Reply(
                        405, ForgeServer.object().put("message", "Changes must be made through the merge queue"));
            }
            return server.merge(
                            pull,
                            call.body().path("sha").asText(),
                            call.body().path("merge_method").asText(),
                            call.body().path("commit_title").asText() + "\n\n"
                                    + call.body().path("commit_message").asText())
                    .map(why -> new Reply(
                            why.contains("moved") ? 409 : 405,
                            ForgeServer.object().put("message", "Not mergeable: " + why)))
                    .orElseGet(() ->
                            Reply.ok(ForgeServer.object().put("merged", true).put("sha", pull.mergeCommit)));
        });
        on("GET", REPOSITORY + "/issues/(\\d+)", (call, path) -> {
            ObjectNode issue = ForgeServer.object();
            issue.set("closed_by", ForgeServer.user("login", server.pull(path.group(1)).by));
            return Reply.ok(issue);
        });
        on("GET", REPOSITORY + "/pulls/(\\d+)/reviews", (call, path) -> {
            List<ObjectNode> reviews = new ArrayList<>();
            server.pull(path.group(1)).reviews.forEach((login, verdict) -> {
                ObjectNode review = ForgeServer.object()
                        .put(
                                "state",
                                switch (verdict) {
                                    case "approved" -> "APPROVED";
                                    case "changes" -> "CHANGES_REQUESTED";
                                    default -> "COMMENTED";
                                });
                review.set(
                        "user",
                        ForgeServer.user("login", login)
                                .put("type", server.pull(path.group(1)).bots.contains(login) ? "Bot" : "User"));
                review.put("commit_id", server.pull(path.group(1)).reviewedBy(login));
                reviews.add(review);
                reviews.add(review.deepCopy().put("state", "COMMENTED"));
            });
            return paged(call, reviews);
        });
        on("GET", REPOSITORY + "/commits/(\\w+)/check-runs", (call, path) -> {
            ObjectNode answer = ForgeServer.object();
            ArrayNode runs = answer.putArray("check_runs");
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.checks.forEach((name, state) -> runs.addObject()
                            .put("name", name)
                            .put("status", state.equals("pending") ? "in_progress" : "completed")
                            .put("conclusion", state.equals("passed") ? "success" : "timed_out")));
            return Reply.ok(answer);
        });
        on("GET", REPOSITORY + "/commits/(\\w+)/status", (call, path) -> {
            ObjectNode answer = ForgeServer.object().put("state", "pending");
            answer.putArray("statuses");
            return Reply.ok(answer);
        });
        on("POST", REPOSITORY + "/statuses/(\\w+)", (call, path) -> {
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.statuses.put(
                            call.body().path("context").asText(),
                            call.body().path("state").asText() + ": "
                                    + call.body().path("description").asText()));
            return new Reply(201, call.body());
        });
        on("GET", REPOSITORY + "/issues/(\\d+)/comments", (call, path) -> {
            List<ObjectNode> comments = new ArrayList<>();
            server.pull(path.group(1))
                    .comments
                    .forEach((id, text) ->
                            comments.add(ForgeServer.object().put("id", id).put("body", text)));
            return paged(call, comments);
        });
        on("POST", REPOSITORY + "/issues/(\\d+)/comments", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            pull.comments.put(
                    100 * pull.number + pull.comments.size(),
                    call.body().path("body").asText());
            return new Reply(201, call.body());
        });
        on("PATCH", REPOSITORY + "/issues/comments/(\\d+)", (call, path) -> {
            int id = Integer.parseInt(path.group(1));
            server.pull(String.valueOf(id / 100))
                    .comments
                    .put(id, call.body().path("body").asText());
            return Reply.ok(call.body());
        });
        on("POST", REPOSITORY + "/pulls/(\\d+)/requested_reviewers", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            call.body().path("reviewers").forEach(one -> pull.reviewers.add(one.asText()));
            call.body().path("team_reviewers").forEach(one -> pull.reviewers.add("team/" + one.asText()));
            return new Reply(201, told(pull));
        });
        on("POST", REPOSITORY + "/issues/(\\d+)/labels", (call, path) -> {
            call.body()
                    .path("labels")
                    .forEach(one -> server.pull(path.group(1)).labels.add(one.asText()));
            return Reply.ok(ForgeServer.array());
        });
    }

    /** The commit that a queue makes of a pull request, to test it. */
    public static String tested(Pull pull) {
        return new StringBuilder(pull.sha).reverse().toString();
    }

    /** What GitHub's GraphQL API says of merge queues; errors come with status 200. */
    private ObjectNode graph(JsonNode asked) {
        ObjectNode answer = ForgeServer.object();
        JsonNode variables = asked.path("variables");
        String query = asked.path("query").asText();
        if (query.startsWith("query")) {
            Pull pull = server.pull(variables.path("number").asText());
            ObjectNode told = answer.putObject("data").putObject("repository").putObject("pullRequest");
            told.set("mergeQueue", server.hasQueue ? ForgeServer.object().put("id", "MQ_1") : null);
            if (pull.queued) {
                told.putObject("mergeQueueEntry").putObject("headCommit").put("oid", tested(pull));
            }
            return answer;
        }
        JsonNode input = variables.path("input");
        String id =
                input.path(query.contains("dequeue") ? "id" : "pullRequestId").asText();
        Pull pull = server.pull(id.replaceFirst("PR_", ""));
        if (query.contains("enablePullRequestAutoMerge")) {
            Optional<String> refusal = pull.isOpen() && pull.blocked.isEmpty() && pull.checks.isEmpty()
                    ? Optional.of("Pull request is in clean status")
                    : server.handOver(
                            pull,
                            input.path("expectedHeadOid").asText(),
                            input.path("mergeMethod").asText().toLowerCase(Locale.ROOT),
                            input.path("commitHeadline").asText() + "\n\n"
                                    + input.path("commitBody").asText());
            refusal.ifPresent(why -> answer.putArray("errors").addObject().put("message", why));
        } else if (query.contains("disablePullRequestAutoMerge")) {
            if (!pull.autoMerge) {
                answer.putArray("errors").addObject().put("message", "Can't disable auto-merge for this pull request");
            }
            pull.autoMerge = false;
        } else if (query.contains("enqueuePullRequest")
                && !input.path("expectedHeadOid").asText().equals(pull.sha)) {
            answer.putArray("errors").addObject().put("message", "Head sha didn't match");
        } else if (query.contains("enqueuePullRequest") && !pull.blocked.isEmpty()) {
            answer.putArray("errors").addObject().put("message", pull.blocked);
        } else {
            pull.queued = query.contains("enqueuePullRequest");
        }
        return answer;
    }

    private ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("number", pull.number)
                .put("node_id", "PR_" + pull.number)
                .put("html_url", server.pages + pull.number)
                .put("state", state.equals("open") ? "open" : "closed")
                .put("merged", state.equals("merged"))
                .put("title", pull.title)
                .put("body", pull.body)
                .put("mergeable_state", pull.conflicts ? "dirty" : pull.blocked.isEmpty() ? "clean" : "blocked");
        told.set("auto_merge", pull.autoMerge ? ForgeServer.object().put("merge_method", pull.mergeMethod) : null);
        if (state.equals("merged")) {
            told.put("merge_commit_sha", pull.mergeCommit);
            told.set("merged_by", ForgeServer.user("login", pull.by));
        } else {
            // Of an open one it is the test merge's.
            told.put("merge_commit_sha", "3".repeat(40));
            told.putNull("merged_by");
        }
        ObjectNode head = told.putObject("head").put("ref", pull.head).put("sha", pull.sha);
        head.putObject("repo").put("id", pull.fork ? 2 : 1);
        told.putObject("base").put("ref", pull.base).putObject("repo").put("id", 1);
        return told;
    }

    @Override
    boolean knowsTags() {
        return true;
    }

    @Override
    Reply paged(Call call, List<ObjectNode> all) {
        return ForgeServer.linked(call, all, "per_page");
    }
}
