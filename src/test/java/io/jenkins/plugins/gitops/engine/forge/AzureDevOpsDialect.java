package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The API of Azure DevOps. */
final class AzureDevOpsDialect extends Dialect {

    private static final String PROJECT = "/org/acme/_apis";
    private static final String REQUESTS = PROJECT + "/git/repositories/config/pullrequests";
    private static final String REQUEST = REQUESTS + "/(\\d+)";

    private static final String ME = "d6245f20-2af8-44f4-9451-8107cb2767db";

    private final ForgeServer server;

    AzureDevOpsDialect(ForgeServer server) {
        this.server = server;
        on(
                "GET",
                REQUESTS,
                (call, path) -> paged(
                        call,
                        server.of(
                                        call.query().containsKey("searchCriteria.sourceRefName")
                                                ? branch(call.query().get("searchCriteria.sourceRefName"))
                                                : null,
                                        branch(call.query().get("searchCriteria.targetRefName")))
                                .filter(pull -> pull.isOpen()
                                        || call.query()
                                                .get("searchCriteria.status")
                                                .equals("all"))
                                .map(AzureDevOpsDialect::told)
                                .toList()));
        on("POST", REQUESTS, (call, path) -> {
            String head = branch(call.body().path("sourceRefName").asText());
            String base = branch(call.body().path("targetRefName").asText());
            if (server.open(head, base).isPresent()) {
                return new Reply(
                        409,
                        ForgeServer.object()
                                .put(
                                        "message",
                                        "TF401179: An active pull request for the source and target branch already"
                                                + " exists."));
            }
            return new Reply(
                    201,
                    told(server.add(
                            head,
                            base,
                            call.body().path("title").asText(),
                            call.body().path("description").asText())));
        });
        on("GET", REQUEST, (call, path) -> Reply.ok(told(server.pull(path.group(1)))));
        on("PATCH", REQUEST, (call, path) -> change(call, server.pull(path.group(1))));
        on("GET", PROJECT + "/policy/evaluations", (call, path) -> {
            String artifact = call.query().get("artifactId");
            Pull pull = server.pull(artifact.substring(artifact.lastIndexOf('/') + 1));
            List<ObjectNode> policies = new ArrayList<>();
            if (!pull.blocked.isEmpty()) {
                ObjectNode policy = ForgeServer.object().put("status", "queued");
                policy.putObject("configuration")
                        .put("isBlocking", true)
                        .putObject("type")
                        .put("displayName", pull.blocked);
                policies.add(policy);
            }
            return paged(call, policies);
        });
        on("GET", REQUEST + "/statuses", (call, path) -> {
            List<ObjectNode> statuses = new ArrayList<>();
            server.pull(path.group(1)).checks.forEach((name, state) -> {
                ObjectNode status = ForgeServer.object()
                        .put(
                                "state",
                                switch (state) {
                                    case "passed" -> "succeeded";
                                    case "pending" -> "pending";
                                    default -> "error";
                                });
                status.putObject("context").put("name", name);
                statuses.add(status);
            });
            return paged(call, statuses);
        });
        on("POST", REQUEST + "/statuses", (call, path) -> {
            server.pull(path.group(1))
                    .statuses
                    .put(
                            call.body().at("/context/genre").asText() + "/"
                                    + call.body().at("/context/name").asText(),
                            call.body().path("state").asText() + ": "
                                    + call.body().path("description").asText());
            return Reply.ok(call.body());
        });
        on("GET", REQUEST + "/threads", (call, path) -> {
            List<ObjectNode> threads = new ArrayList<>();
            server.pull(path.group(1)).comments.forEach((id, text) -> {
                ObjectNode thread = ForgeServer.object().put("id", id);
                thread.putArray("comments").addObject().put("id", 1).put("content", text);
                threads.add(thread);
            });
            Pull pull = server.pull(path.group(1));
            pull.reviews.forEach((login, verdict) -> {
                ObjectNode thread = ForgeServer.object().put("id", 1000).put("publishedDate", pull.reviewedAt(login));
                thread.putObject("properties").putObject("CodeReviewThreadType").put("$value", "VoteUpdate");
                thread.putArray("comments").addObject().putObject("author").put("id", "id-of-" + login);
                threads.add(thread);
            });
            return paged(call, threads);
        });
        on("GET", REQUEST + "/iterations", (call, path) -> {
            ObjectNode older = ForgeServer.object().put("createdDate", "2026-03-01T10:00:00.1234567Z");
            older.putObject("sourceRefCommit").put("commitId", ForgeServer.OLDER);
            ObjectNode newest = ForgeServer.object().put("createdDate", "2026-03-01T12:00:00.1234567Z");
            newest.putObject("sourceRefCommit").put("commitId", server.pull(path.group(1)).sha);
            return paged(call, List.of(older, newest));
        });
        on("POST", REQUEST + "/threads", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            pull.comments.put(
                    pull.comments.size(), call.body().at("/comments/0/content").asText());
            return Reply.ok(call.body());
        });
        on("PATCH", REQUEST + "/threads/(\\d+)/comments/1", (call, path) -> {
            server.pull(path.group(1))
                    .comments
                    .put(
                            Integer.parseInt(path.group(2)),
                            call.body().path("content").asText());
            return Reply.ok(call.body());
        });
        on("PUT", REQUEST + "/reviewers/([\\w-]+)", (call, path) -> {
            server.pull(path.group(1)).reviewers.add(path.group(2));
            return Reply.ok(call.body());
        });
        on("GET", "/org/_apis/connectionData", (call, path) -> {
            ObjectNode answer = ForgeServer.object();
            answer.putObject("authenticatedUser").put("id", ME);
            return Reply.ok(answer);
        });
        on("POST", REQUEST + "/labels", (call, path) -> {
            server.pull(path.group(1)).labels.add(call.body().path("name").asText());
            return Reply.ok(call.body());
        });
    }

    private static String branch(String ref) {
        return ref.replaceFirst("^refs/heads/", "");
    }

    private Reply change(Call call, Pull pull) {
        if (!pull.isOpen()) {
            return new Reply(
                    400,
                    ForgeServer.object()
                            .put("message", "TF401181: The pull request cannot be edited due to its state."));
        }
        String completer = call.body().at("/autoCompleteSetBy/id").asText();
        if (completer.equals(ME)) {
            Optional<String> refusal = server.handOver(
                    pull,
                    "",
                    call.body().at("/completionOptions/mergeStrategy").asText(),
                    call.body().at("/completionOptions/mergeCommitMessage").asText());
            if (refusal.isPresent()) {
                return new Reply(403, ForgeServer.object().put("message", "TF401027: " + refusal.get()));
            }
        } else if (!completer.isEmpty()) {
            pull.autoMerge = false;
        }
        ForgeServer.texts(call.body(), "title", text -> pull.title = text);
        ForgeServer.texts(call.body(), "description", text -> pull.body = text);
        String status = call.body().path("status").asText();
        if (status.equals("abandoned")) {
            pull.state = "closed";
            pull.by = "closer";
        } else if (status.equals("completed")) {
            return server.merge(
                            pull,
                            call.body().at("/lastMergeSourceCommit/commitId").asText(),
                            call.body().at("/completionOptions/mergeStrategy").asText(),
                            call.body()
                                    .at("/completionOptions/mergeCommitMessage")
                                    .asText())
                    .map(why -> new Reply(
                            why.contains("moved") ? 409 : 403,
                            ForgeServer.object().put("message", "TF401027: " + why)))
                    .orElseGet(() -> Reply.ok(told(pull)));
        }
        return Reply.ok(told(pull));
    }

    private static ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("pullRequestId", pull.number)
                .put("description", pull.body)
                .put("sourceRefName", "refs/heads/" + pull.head)
                .put("targetRefName", "refs/heads/" + pull.base)
                .put(
                        "status",
                        switch (state) {
                            case "open" -> "active";
                            case "merged" -> "completed";
                            default -> "abandoned";
                        })
                .put("mergeStatus", pull.conflicts ? "conflicts" : "succeeded");
        if (pull.autoMerge) {
            told.putObject("autoCompleteSetBy").put("id", ME);
        }
        told.putObject("lastMergeSourceCommit").put("commitId", pull.sha);
        told.putObject("lastMergeCommit").put("commitId", pull.mergeCommit);
        told.putObject("repository")
                .put("webUrl", "https://dev.azure.com/org/acme/_git/config")
                .putObject("project")
                .put("id", "0000");
        if (pull.fork) {
            told.putObject("forkSource").put("name", "refs/heads/" + pull.head);
        }
        if (!state.equals("open")) {
            told.set("closedBy", ForgeServer.user("uniqueName", pull.by));
        }
        ArrayNode reviewers = told.putArray("reviewers");
        pull.reviews.forEach((login, verdict) -> reviewers
                .addObject()
                .put("uniqueName", login)
                .put("id", "id-of-" + login)
                .put("descriptor", (pull.bots.contains(login) ? "svc." : "aad.") + login)
                .put(
                        "vote",
                        switch (verdict) {
                            case "approved" -> 10;
                            case "changes" -> -5;
                            default -> 0;
                        }));
        return told;
    }

    @Override
    Reply paged(Call call, List<ObjectNode> all) {
        ObjectNode answer = ForgeServer.object().put("count", all.size());
        ArrayNode values = answer.putArray("value");
        all.stream()
                .skip(call.number("$skip", 0))
                .limit(call.number("$top", Integer.MAX_VALUE))
                .forEach(values::add);
        return Reply.ok(answer);
    }
}
