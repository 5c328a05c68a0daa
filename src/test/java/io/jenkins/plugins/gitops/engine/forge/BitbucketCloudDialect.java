package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Call;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API of Bitbucket Cloud. It opens a second pull request for the same branches without a word. */
final class BitbucketCloudDialect extends Dialect {

    private static final String REPOSITORY = "/2.0/repositories/acme/config";
    private static final String REQUESTS = REPOSITORY + "/pullrequests";
    private static final String REQUEST = REQUESTS + "/(\\d+)";
    private static final Pattern QUERY =
            Pattern.compile("(?:source\\.branch\\.name=\"(.*)\" AND )?destination\\.branch\\.name=\"(.*)\"");

    BitbucketCloudDialect(ForgeServer server) {
        on("GET", REQUESTS, (call, path) -> {
            Matcher query = QUERY.matcher(call.query().get("q"));
            return query.matches()
                    ? paged(
                            call,
                            server.of(query.group(1), query.group(2))
                                    .filter(pull -> pull.isOpen() || query.group(1) != null)
                                    .map(BitbucketCloudDialect::told)
                                    .toList())
                    : error(400, "Invalid query");
        });
        on(
                "POST",
                REQUESTS,
                (call, path) -> new Reply(
                        201,
                        told(server.add(
                                call.body().at("/source/branch/name").asText(),
                                call.body().at("/destination/branch/name").asText(),
                                call.body().path("title").asText(),
                                call.body().path("description").asText()))));
        on("GET", REQUEST, (call, path) -> Reply.ok(told(server.pull(path.group(1)))));
        on("PUT", REQUEST, (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (!call.body().has("title")) {
                return error(400, "title: This field is required.");
            }
            ForgeServer.texts(call.body(), "title", text -> pull.title = text);
            ForgeServer.texts(call.body(), "description", text -> pull.body = text);
            if (call.body().has("reviewers")) {
                pull.reviewers.clear();
                call.body()
                        .path("reviewers")
                        .forEach(one -> pull.reviewers.add(
                                one.path("uuid").asText(one.path("account_id").asText())));
            }
            return Reply.ok(told(pull));
        });
        on("POST", REQUEST + "/merge", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            return server.merge(
                            pull,
                            "",
                            call.body().path("merge_strategy").asText(),
                            call.body().path("message").asText())
                    .map(why -> error(why.contains("conflict") ? 409 : 400, why))
                    .orElseGet(() -> Reply.ok(told(pull)));
        });
        on("POST", REQUEST + "/decline", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            if (!pull.isOpen()) {
                return error(409, "This pull request is already closed.");
            }
            pull.state = "closed";
            pull.by = "closer";
            return Reply.ok(told(pull));
        });
        on(
                "GET",
                REQUEST + "/diffstat",
                (call, path) -> paged(
                        call,
                        List.of(ForgeServer.object()
                                .put("status", server.pull(path.group(1)).conflicts ? "merge conflict" : "modified"))));
        on("GET", REQUEST + "/statuses", (call, path) -> {
            List<ObjectNode> statuses = new ArrayList<>();
            server.pull(path.group(1))
                    .checks
                    .forEach((name, state) -> statuses.add(ForgeServer.object()
                            .put("key", name)
                            .put("name", name)
                            .put(
                                    "state",
                                    switch (state) {
                                        case "passed" -> "SUCCESSFUL";
                                        case "pending" -> "INPROGRESS";
                                        default -> "STOPPED";
                                    })));
            return paged(call, statuses);
        });
        on("GET", REQUEST + "/activity", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            List<ObjectNode> activities = new ArrayList<>();
            for (String commit : List.of(pull.sha, ForgeServer.OLDER)) {
                pull.reviews.forEach((login, verdict) -> {
                    if (verdict.equals("approved") && pull.reviewedBy(login).equals(commit)) {
                        ObjectNode approval = ForgeServer.object();
                        approval.putObject("approval").set("user", ForgeServer.user("account_id", "id-of-" + login));
                        activities.add(approval);
                    }
                });
                ObjectNode update = ForgeServer.object();
                update.putObject("update")
                        .putObject("source")
                        .putObject("commit")
                        .put("hash", commit.substring(0, 12));
                activities.add(update);
            }
            return paged(call, activities);
        });
        on("GET", REQUEST + "/comments", (call, path) -> {
            List<ObjectNode> comments = new ArrayList<>();
            server.pull(path.group(1)).comments.forEach((id, text) -> {
                ObjectNode comment = ForgeServer.object().put("id", id).put("deleted", false);
                comment.putObject("content").put("raw", text);
                comments.add(comment);
            });
            return paged(call, comments);
        });
        on("POST", REQUEST + "/comments", (call, path) -> {
            Pull pull = server.pull(path.group(1));
            pull.comments.put(
                    pull.comments.size(), call.body().at("/content/raw").asText());
            return new Reply(201, call.body());
        });
        on("PUT", REQUEST + "/comments/(\\d+)", (call, path) -> {
            server.pull(path.group(1))
                    .comments
                    .put(
                            Integer.parseInt(path.group(2)),
                            call.body().at("/content/raw").asText());
            return Reply.ok(call.body());
        });
        on("POST", REPOSITORY + "/commit/(\\w+)/statuses/build", (call, path) -> {
            server.pulls.stream()
                    .filter(pull -> pull.sha.startsWith(path.group(1)))
                    .forEach(pull -> pull.statuses.put(
                            call.body().path("key").asText(),
                            call.body().path("state").asText() + ": "
                                    + call.body().path("description").asText()));
            return new Reply(201, call.body());
        });
    }

    private static Reply error(int status, String message) {
        ObjectNode body = ForgeServer.object().put("type", "error");
        body.putObject("error").put("message", message);
        return new Reply(status, body);
    }

    private static ObjectNode told(Pull pull) {
        String state = pull.told();
        ObjectNode told = ForgeServer.object()
                .put("id", pull.number)
                .put("title", pull.title)
                .put("description", pull.body)
                .put(
                        "state",
                        switch (state) {
                            case "open" -> "OPEN";
                            case "merged" -> "MERGED";
                            default -> "DECLINED";
                        });
        told.putObject("links")
                .putObject("html")
                .put("href", "https://bitbucket.org/acme/config/pull-requests/" + pull.number);
        ObjectNode source = told.putObject("source");
        source.putObject("branch").put("name", pull.head);
        source.putObject("commit").put("hash", pull.sha.substring(0, 12));
        source.putObject("repository").put("uuid", pull.fork ? "{2}" : "{1}");
        ObjectNode destination = told.putObject("destination");
        destination.putObject("branch").put("name", pull.base);
        destination.putObject("repository").put("uuid", "{1}");
        if (state.equals("merged")) {
            told.putObject("merge_commit").put("hash", pull.mergeCommit);
        } else {
            told.putNull("merge_commit");
        }
        if (state.equals("open")) {
            told.putNull("closed_by");
        } else {
            told.set("closed_by", ForgeServer.user("nickname", pull.by));
        }
        ArrayNode participants = told.putArray("participants");
        pull.reviews.forEach((login, verdict) -> {
            ObjectNode participant = participants.addObject();
            participant.set(
                    "user",
                    ForgeServer.user("nickname", login)
                            .put("account_id", "id-of-" + login)
                            .put("type", pull.bots.contains(login) ? "app_user" : "user"));
            switch (verdict) {
                case "approved" -> participant.put("state", "approved");
                case "changes" -> participant.put("state", "changes_requested");
                default -> participant.putNull("state");
            }
        });
        ArrayNode reviewers = told.putArray("reviewers");
        pull.reviewers.forEach(name -> reviewers.addObject().put("uuid", name));
        return told;
    }

    @Override
    Reply paged(Call call, List<ObjectNode> all) {
        int size = call.number("pagelen", 10);
        int page = call.number("page", 1);
        ObjectNode answer = ForgeServer.object().put("size", all.size());
        ArrayNode values = answer.putArray("values");
        all.stream().skip((long) (page - 1) * size).limit(size).forEach(values::add);
        if ((long) page * size < all.size()) {
            answer.put(
                    "next",
                    "http://" + call.host() + call.path() + "?pagelen=" + size + "&page=" + (page + 1) + "&q="
                            + PullRequests.encoded(call.query().getOrDefault("q", "")));
        }
        return Reply.ok(answer);
    }
}
