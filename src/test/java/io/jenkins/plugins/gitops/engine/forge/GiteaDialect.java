package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;

/** The API of Gitea and Forgejo. */
final class GiteaDialect extends Dialect {

    private static final String REPOSITORY = "/api/v1/repos/acme/config";
    private static final String REQUEST = REPOSITORY + "/pulls/(\\d+)";

    GiteaDialect(ForgeServer server) {
        on(
                "GET",
                REPOSITORY + "/pulls",
                (call, path) -> paged(
                        call,
                        server.pulls.stream()
                                .filter(Pull::isOpen)
                                .map(GiteaDialect::told)
                                .toList()));
        on("POST", REPOSITORY + "/pulls", (call, path) -> {
            String head = call.body().path("head").asText();
            String base = call.body().path("base").asText();
            if (server.open(head, base).isPresent()) {
                return new Reply(
                        409, ForgeServer.object().put("message", "pull request already exists for these targets"));
            }
            return new Reply(
                    201,
                    told(server.add(
                            head,
                            base,
                            call.body().path("title").asText(),
                            call.body().path("body").asText())));
        });
        on("GET", REQUEST, (call, path) -> Reply.ok(told(server.pull(path.group(1)))));
        on("PATCH", REQUEST, (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (pull.state.equals("merged") && call.body().has("state")) {
                return refused(412, "cannot change state of this pull request, it was already merged");
            }
            ForgeServer.texts(call.body(), "title", text -> pull.title = text);
            ForgeServer.texts(call.body(), "body", text -> pull.body = text);
            ForgeServer.texts(call.body(), "state", text -> {
                pull.state = text;
                pull.by = "closer";
            });
            return new Reply(201, told(pull));
        });
        on("POST", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            boolean isScheduled = call.body().path("merge_when_checks_succeed").asBoolean();
            if (isScheduled && pull.autoMerge) {
                return refused(409, "pull request is already scheduled to auto merge when checks succeed [pull_id: 1]");
            }
            String method = call.body().path("Do").asText();
            String message = call.body().path("MergeTitleField").asText() + "\n\n"
                    + call.body().path("MergeMessageField").asText();
            // What is scheduled is compared with no commit.
            return (isScheduled
                            ? server.handOver(pull, "", method, message)
                            : server.merge(
                                    pull, call.body().path("head_commit_id").asText(), method, message))
                    .map(why -> refused(why.contains("moved") || why.contains("conflict") ? 409 : 405, why))
                    .orElseGet(() -> new Reply(isScheduled ? 201 : 200, null));
        });
        on("DELETE", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (!pull.autoMerge) {
                return refused(404, "not found");
            }
            pull.autoMerge = false;
            return new Reply(204, null);
        });
        on("GET", REQUEST + "/reviews", (call, path) -> {
            List<ObjectNode> reviews = new ArrayList<>();
            server.pull(path.group(1)).reviews.forEach((login, verdict) -> {
                ObjectNode review = ForgeServer.object()
                        .put("dismissed", false)
                        .put("stale", false)
                        .put(
                                "state",
                                switch (verdict) {
                                    case "approved" -> "APPROVED";
                                    case "changes" -> "REQUEST_CHANGES";
                                    default -> "COMMENT";
                                });
                review.set("user", ForgeServer.user("login", login));
                review.put("commit_id", server.pull(path.group(1)).reviewedBy(login));
                reviews.add(review);
            });
            return paged(call, reviews);
        });
        on("GET", REPOSITORY + "/issues/(\\d+)/timeline", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            ObjectNode event = ForgeServer.object().put("type", "close");
            event.set("user", ForgeServer.user("login", pull.by));
            return paged(call, pull.isOpen() ? List.of() : List.of(event));
        });
        on("GET", REPOSITORY + "/commits/(\\w+)/status", (call, path) -> {
            ObjectNode answer = ForgeServer.object();
            ArrayNode statuses = answer.putArray("statuses");
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.checks.forEach((name, state) -> statuses.addObject()
                            .put("context", name)
                            .put(
                                    "status",
                                    switch (state) {
                                        case "passed" -> "success";
                                        case "pending" -> "pending";
                                        default -> "failure";
                                    })));
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
            ArrayNode comments = ForgeServer.array();
            server.pull(path.group(1))
                    .comments
                    .forEach((id, text) -> comments.addObject().put("id", id).put("body", text));
            return Reply.ok(comments);
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
        on("POST", REQUEST + "/requested_reviewers", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            call.body().path("reviewers").forEach(one -> pull.reviewers.add(one.asText()));
            return new Reply(201, ForgeServer.array());
        });
        on(
                "GET",
                REPOSITORY + "/labels",
                (call, path) ->
                        paged(call, List.of(ForgeServer.object().put("id", 5).put("name", "gitops"))));
        on("POST", REPOSITORY + "/issues/(\\d+)/labels", (call, path) -> {
            call.body()
                    .path("labels")
                    .forEach(id -> server.pull(path.group(1)).labels.add(id.asInt() == 5 ? "gitops" : "other"));
            return Reply.ok(ForgeServer.array());
        });
        on(
                "GET",
                REPOSITORY + "/pulls/([^/]+)/(\\D.*)",
                (call, path) -> server.of(ForgeServer.decoded(path.group(2)), ForgeServer.decoded(path.group(1)))
                        .filter(pull -> !pull.fork)
                        .findFirst()
                        .map(pull -> Reply.ok(told(pull)))
                        .orElseGet(() -> new Reply(404, ForgeServer.object().put("message", "not found"))));
    }

    private static Reply refused(int status, String message) {
        return new Reply(status, ForgeServer.object().put("message", message));
    }

    private static ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("number", pull.number)
                .put("body", pull.body)
                .put("html_url", "https://gitea.example.org/acme/config/pulls/" + pull.number)
                .put("state", state.equals("open") ? "open" : "closed")
                .put("merged", state.equals("merged"))
                .put("mergeable", !pull.conflicts);
        if (state.equals("merged")) {
            told.put("merge_commit_sha", pull.mergeCommit);
            told.set("merged_by", ForgeServer.user("login", pull.by));
        }
        told.putObject("head").put("ref", pull.head).put("sha", pull.sha).put("repo_id", pull.fork ? 2 : 1);
        told.putObject("base").put("ref", pull.base).put("repo_id", 1);
        return told;
    }

    @Override
    Reply paged(Call call, List<ObjectNode> all) {
        return ForgeServer.linked(call, all, "limit");
    }
}
