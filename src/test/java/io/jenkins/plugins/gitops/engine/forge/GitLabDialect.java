package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;

/** GitLab's REST API. */
final class GitLabDialect extends Dialect {

    private static final String PROJECT = "/api/v4/projects/acme%2Fconfig";
    private static final String REQUEST = PROJECT + "/merge_requests/(\\d+)";

    GitLabDialect(ForgeServer server) {
        on(
                "GET",
                PROJECT + "/merge_requests",
                (call, path) -> paged(
                        call,
                        server.of(
                                        call.query().get("source_branch"),
                                        call.query().get("target_branch"))
                                .filter(pull -> pull.isOpen()
                                        || call.query().get("state").equals("all"))
                                .map(GitLabDialect::told)
                                .toList()));
        on("POST", PROJECT + "/merge_requests", (call, path) -> {
            String head = call.body().path("source_branch").asText();
            String base = call.body().path("target_branch").asText();
            if (server.open(head, base).isPresent()) {
                ObjectNode refused = ForgeServer.object();
                refused.putArray("message").add("Another open merge request already exists for this source branch: !1");
                return new Reply(409, refused);
            }
            return new Reply(
                    201,
                    told(server.add(
                            head,
                            base,
                            call.body().path("title").asText(),
                            call.body().path("description").asText())));
        });
        on(
                "GET",
                PROJECT,
                (call, path) ->
                        Reply.ok(ForgeServer.object().put("id", 1).put("merge_trains_enabled", server.hasQueue)));
        on("GET", REQUEST, (call, path) -> Reply.ok(told(server.pull(path.group(1)))));
        on("PUT", REQUEST, (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (pull.state.equals("merged") && call.body().has("state_event")) {
                return refused(422, "State cannot transition via \"close\"");
            }
            ForgeServer.texts(call.body(), "title", text -> pull.title = text);
            ForgeServer.texts(call.body(), "description", text -> pull.body = text);
            ForgeServer.texts(call.body(), "add_labels", text -> pull.labels.addAll(List.of(text.split(","))));
            ForgeServer.texts(call.body(), "state_event", text -> {
                pull.state = "closed";
                pull.by = "closer";
            });
            if (call.body().has("reviewer_ids")) {
                pull.reviewers.clear();
                call.body().path("reviewer_ids").forEach(id -> pull.reviewers.add(id.asInt() == 7 ? "alice" : "other"));
            }
            return Reply.ok(told(pull));
        });
        on("PUT", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            boolean squash = call.body().path("squash").asBoolean();
            String sha = call.body().path("sha").asText();
            String method = squash ? "squash" : "merge";
            String message = call.body()
                    .path(squash ? "squash_commit_message" : "merge_commit_message")
                    .asText();
            boolean isLater = call.body().path("auto_merge").asBoolean()
                    && (!pull.blocked.isEmpty() || pull.checks.containsValue("pending"));
            return (isLater ? server.handOver(pull, sha, method, message) : server.merge(pull, sha, method, message))
                    .map(why -> refused(why.contains("moved") ? 409 : 405, "405 Method Not Allowed: " + why))
                    .orElseGet(() -> Reply.ok(told(pull)));
        });
        on("POST", PROJECT + "/merge_trains/merge_requests/(\\d+)", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            return !server.hasQueue
                    ? refused(403, "403 Forbidden")
                    : server.handOver(pull, call.body().path("sha").asText(), "train", "")
                            .map(why -> refused(409, why))
                            .orElseGet(() -> new Reply(201, ForgeServer.array().add(told(pull))));
        });
        on("POST", REQUEST + "/cancel_merge_when_pipeline_succeeds", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (!pull.autoMerge) {
                return refused(406, "406 Not Acceptable");
            }
            pull.autoMerge = false;
            return new Reply(201, told(pull));
        });
        on("GET", REQUEST + "/approvals", (call, path) -> {
            ObjectNode answer = ForgeServer.object();
            ArrayNode by = answer.putArray("approved_by");
            server.pull(path.group(1)).reviews.forEach((login, verdict) -> {
                if (verdict.equals("approved")) {
                    by.addObject()
                            .set(
                                    "user",
                                    ForgeServer.user("username", login)
                                            .put(
                                                    "id",
                                                    server.pull(path.group(1))
                                                                    .bots
                                                                    .contains(login)
                                                            ? 99
                                                            : 7));
                }
            });
            return Reply.ok(answer);
        });
        on("GET", REQUEST + "/reviewers", (call, path) -> {
            ArrayNode all = ForgeServer.array();
            server.pull(path.group(1))
                    .reviews
                    .forEach((login, verdict) -> all.addObject()
                            .put(
                                    "state",
                                    switch (verdict) {
                                        case "approved" -> "approved";
                                        case "changes" -> "requested_changes";
                                        default -> "reviewed";
                                    })
                            .set("user", ForgeServer.user("username", login)));
            return Reply.ok(all);
        });
        on("GET", REQUEST + "/notes", (call, path) -> {
            List<ObjectNode> notes = new ArrayList<>();
            server.pull(path.group(1))
                    .comments
                    .forEach((id, text) ->
                            notes.add(ForgeServer.object().put("id", id).put("body", text)));
            Pull pull = server.pull(path.group(1));
            pull.reviews.forEach((login, verdict) -> {
                ObjectNode note = ForgeServer.object()
                        .put("system", true)
                        .put("body", verdict.equals("approved") ? "approved this merge request" : verdict)
                        .put("created_at", pull.reviewedAt(login));
                note.set("author", ForgeServer.user("username", login));
                notes.add(note);
            });
            return paged(call, notes);
        });
        on(
                "GET",
                REQUEST + "/versions",
                (call, path) -> paged(
                        call,
                        List.of(
                                ForgeServer.object()
                                        .put("head_commit_sha", server.pull(path.group(1)).sha)
                                        .put("created_at", "2026-03-01T13:00:00.000+01:00"),
                                ForgeServer.object()
                                        .put("head_commit_sha", ForgeServer.OLDER)
                                        .put("created_at", "2026-03-01T10:00:00.000Z"))));
        on("POST", REQUEST + "/notes", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            pull.comments.put(pull.comments.size(), call.body().path("body").asText());
            return new Reply(201, call.body());
        });
        on("PUT", REQUEST + "/notes/(\\d+)", (call, path) -> {
            server.pull(path.group(1))
                    .comments
                    .put(
                            Integer.parseInt(path.group(2)),
                            call.body().path("body").asText());
            return Reply.ok(call.body());
        });
        on(
                "GET",
                "/api/v4/users/(\\d+)",
                (call, path) ->
                        Reply.ok(ForgeServer.object().put("bot", path.group(1).equals("99"))));
        on("GET", "/api/v4/users", (call, path) -> {
            ArrayNode found = ForgeServer.array();
            if (call.query().get("username").equals("alice")) {
                found.addObject().put("id", 7);
            }
            return Reply.ok(found);
        });
        on("POST", PROJECT + "/statuses/(\\w+)", (call, path) -> {
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.statuses.put(
                            call.body().path("name").asText(),
                            call.body().path("state").asText() + ": "
                                    + call.body().path("description").asText()));
            return new Reply(201, call.body());
        });
    }

    private static Reply refused(int status, String message) {
        return new Reply(status, ForgeServer.object().put("message", message));
    }

    private static ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("id", 1000 + pull.number)
                .put("iid", pull.number)
                .put("description", pull.body)
                .put("web_url", "https://gitlab.example.org/acme/config/-/merge_requests/" + pull.number)
                .put("state", state.equals("open") ? "opened" : state)
                .put("source_project_id", pull.fork ? 2 : 1)
                .put("target_project_id", 1)
                .put("source_branch", pull.head)
                .put("target_branch", pull.base)
                .put("merge_when_pipeline_succeeds", pull.autoMerge)
                .put("sha", pull.sha)
                .put(
                        "detailed_merge_status",
                        pull.conflicts ? "conflict" : pull.blocked.isEmpty() ? "mergeable" : "not_approved");
        told.putNull("merge_commit_sha")
                .putNull("squash_commit_sha")
                .putNull("merge_user")
                .putNull("closed_by");
        if (state.equals("merged")) {
            told.put("merge_commit_sha", pull.mergeCommit);
            told.set("merge_user", ForgeServer.user("username", pull.by));
        } else if (state.equals("closed")) {
            told.set("closed_by", ForgeServer.user("username", pull.by));
        }
        if (pull.checks.isEmpty()) {
            told.putNull("head_pipeline");
        } else {
            String worst = pull.checks.containsValue("failed")
                    ? "failed"
                    : pull.checks.containsValue("pending") ? "running" : "success";
            told.putObject("head_pipeline").put("status", worst);
        }
        ArrayNode reviewers = told.putArray("reviewers");
        pull.reviewers.forEach(name -> reviewers.addObject().put("id", name.equals("alice") ? 7 : 8));
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
