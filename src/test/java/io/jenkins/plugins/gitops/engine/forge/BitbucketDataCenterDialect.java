package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;

/** The API of Bitbucket Data Center. A change without the right version is refused. */
final class BitbucketDataCenterDialect extends Dialect {

    private static final String REQUESTS = "/rest/api/latest/projects/acme/repos/config/pull-requests";
    private static final String REQUEST = REQUESTS + "/(\\d+)";
    private static final String BUILDS = "/rest/build-status/latest/commits/(\\w+)";

    BitbucketDataCenterDialect(ForgeServer server) {
        on(
                "GET",
                REQUESTS,
                (call, path) -> paged(
                        call,
                        server.pulls.stream()
                                .filter(pull -> call.query().get("direction").equals("OUTGOING")
                                        ? !pull.fork
                                                && ("refs/heads/" + pull.head)
                                                        .equals(call.query().get("at"))
                                        : pull.isOpen()
                                                && ("refs/heads/" + pull.base)
                                                        .equals(call.query().get("at")))
                                .map(BitbucketDataCenterDialect::told)
                                .toList()));
        on("POST", REQUESTS, (call, path) -> {
            String head = call.body().at("/fromRef/id").asText().replaceFirst("^refs/heads/", "");
            String base = call.body().at("/toRef/id").asText().replaceFirst("^refs/heads/", "");
            if (server.open(head, base).isPresent()) {
                return error(409, "Only one pull request may be open for a given source and target branch");
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
        on("PUT", REQUEST, (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (call.body().path("version").asInt(-1) != pull.version) {
                return outdated();
            }
            pull.version++;
            pull.title = call.body().path("title").asText();
            pull.body = call.body().path("description").asText();
            pull.reviewers.clear();
            call.body()
                    .path("reviewers")
                    .forEach(one -> pull.reviewers.add(one.at("/user/name").asText()));
            return Reply.ok(told(pull));
        });
        on("GET", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            ObjectNode answer = ForgeServer.object()
                    .put("canMerge", !pull.conflicts && pull.blocked.isEmpty())
                    .put("conflicted", pull.conflicts);
            ArrayNode vetoes = answer.putArray("vetoes");
            if (!pull.blocked.isEmpty()) {
                vetoes.addObject().put("summaryMessage", pull.blocked);
            }
            return Reply.ok(answer);
        });
        on("POST", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (call.number("version", -1) != pull.version) {
                return outdated();
            }
            String method = call.body().path("strategyId").asText();
            String message = call.body().path("message").asText();
            boolean isLater = call.body().path("autoMerge").asBoolean() && !pull.blocked.isEmpty();
            return (isLater ? server.handOver(pull, "", method, message) : server.merge(pull, "", method, message))
                    .map(why -> error(409, why))
                    .orElseGet(() -> Reply.ok(told(pull)));
        });
        on(
                "GET",
                REQUEST + "/auto-merge",
                (call, path) -> server.pull(path.group(1)).autoMerge
                        ? Reply.ok(ForgeServer.object().put("toRefTargetHash", "2".repeat(40)))
                        : new Reply(204, null));
        on("DELETE", REQUEST + "/auto-merge", (call, path) -> {
            server.pull(path.group(1)).autoMerge = false;
            return new Reply(204, null);
        });
        on("POST", REQUEST + "/decline", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (call.number("version", -1) != pull.version) {
                return outdated();
            }
            if (!pull.isOpen()) {
                return error(409, "This pull request has already been merged or declined.");
            }
            pull.state = "closed";
            pull.by = "closer";
            return Reply.ok(told(pull));
        });
        on("GET", REQUEST + "/activities", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            List<ObjectNode> activities = new ArrayList<>();
            if (!pull.isOpen()) {
                ObjectNode end =
                        ForgeServer.object().put("action", pull.state.equals("merged") ? "MERGED" : "DECLINED");
                end.set("user", ForgeServer.user("name", pull.by));
                activities.add(end);
            }
            pull.comments.forEach((id, text) -> {
                ObjectNode activity = ForgeServer.object().put("action", "COMMENTED");
                activity.putObject("comment").put("id", id).put("version", 0).put("text", text);
                activities.add(activity);
            });
            return paged(call, activities);
        });
        on("POST", REQUEST + "/comments", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            pull.comments.put(pull.comments.size(), call.body().path("text").asText());
            return new Reply(201, call.body());
        });
        on("PUT", REQUEST + "/comments/(\\d+)", (call, path) -> {
            server.pull(path.group(1))
                    .comments
                    .put(
                            Integer.parseInt(path.group(2)),
                            call.body().path("text").asText());
            return Reply.ok(call.body());
        });
        on("GET", BUILDS, (call, path) -> {
            List<ObjectNode> builds = new ArrayList<>();
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.checks.forEach((name, state) -> builds.add(ForgeServer.object()
                            .put("key", name)
                            .put(
                                    "state",
                                    switch (state) {
                                        case "passed" -> "SUCCESSFUL";
                                        case "pending" -> "INPROGRESS";
                                        default -> "FAILED";
                                    }))));
            return paged(call, builds);
        });
        on("POST", BUILDS, (call, path) -> {
            server.pulls.stream()
                    .filter(pull -> pull.sha.equals(path.group(1)))
                    .forEach(pull -> pull.statuses.put(
                            call.body().path("key").asText(),
                            call.body().path("state").asText() + ": "
                                    + call.body().path("description").asText()));
            return new Reply(204, null);
        });
    }

    private static Reply error(int status, String message) {
        ObjectNode body = ForgeServer.object();
        body.putArray("errors").addObject().putNull("context").put("message", message);
        return new Reply(status, body);
    }

    private static Reply outdated() {
        return error(409, "You are attempting to modify a pull request based on out-of-date information.");
    }

    private static ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("id", pull.number)
                .put("version", pull.version)
                .put("title", pull.title)
                .put("description", pull.body)
                .put("description", pull.body)
                .put(
                        "state",
                        switch (state) {
                            case "open" -> "OPEN";
                            case "merged" -> "MERGED";
                            default -> "DECLINED";
                        });
        told.putObject("links")
                .putArray("self")
                .addObject()
                .put("href", "https://bitbucket.example.org/projects/ACME/repos/config/pull-requests/" + pull.number);
        told.putObject("fromRef")
                .put("id", "refs/heads/" + pull.head)
                .put("displayId", pull.head)
                .put("latestCommit", pull.sha)
                .putObject("repository")
                .put("id", pull.fork ? 2 : 1);
        told.putObject("toRef")
                .put("id", "refs/heads/" + pull.base)
                .put("displayId", pull.base)
                .putObject("repository")
                .put("id", 1);
        if (state.equals("merged")) {
            told.putObject("properties").putObject("mergeCommit").put("id", pull.mergeCommit);
        }
        ArrayNode reviewers = told.putArray("reviewers");
        pull.reviewers.forEach(name -> reviewers.addObject().set("user", ForgeServer.user("name", name)));
        pull.reviews.forEach((login, verdict) -> reviewers
                .addObject()
                .put(
                        "status",
                        switch (verdict) {
                            case "approved" -> "APPROVED";
                            case "changes" -> "NEEDS_WORK";
                            default -> "UNAPPROVED";
                        })
                .put("lastReviewedCommit", pull.reviewedBy(login))
                .set(
                        "user",
                        ForgeServer.user("name", login).put("type", pull.bots.contains(login) ? "SERVICE" : "NORMAL")));
        return told;
    }

    @Override
    Reply paged(Call call, List<ObjectNode> all) {
        int size = call.number("limit", 25);
        int start = call.number("start", 0);
        ObjectNode answer = ForgeServer.object().put("isLastPage", start + size >= all.size());
        ArrayNode values = answer.putArray("values");
        all.stream().skip(start).limit(size).forEach(values::add);
        if (start + size < all.size()) {
            answer.put("nextPageStart", start + size);
        } else {
            answer.putNull("nextPageStart");
        }
        return Reply.ok(answer);
    }
}
