package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What GitHub and the servers whose API follows it have in common. */
abstract class GitHubLike extends PullRequests {

    private static final String TEAM = "team/";

    GitHubLike(ForgeClient client) {
        super(client);
    }

    @Override
    public void describe(PullRequest request, String title, String body) {
        client.send(
                "PATCH",
                "/pulls/" + request.number(),
                ForgeClient.object().put("title", title).put("body", body));
    }

    @Override
    void decline(PullRequest request) {
        client.send("PATCH", "/pulls/" + request.number(), ForgeClient.object().put("state", "closed"));
    }

    @Override
    String textOf(JsonNode comment) {
        return comment.path("body").asText();
    }

    @Override
    void addComment(PullRequest request, String text) {
        client.send(
                "POST",
                "/issues/" + request.number() + "/comments",
                ForgeClient.object().put("body", text));
    }

    @Override
    void editComment(PullRequest request, JsonNode comment, String text) {
        client.send(
                "PATCH",
                "/issues/comments/" + comment.path("id").asLong(),
                ForgeClient.object().put("body", text));
    }

    @Override
    public void requestReviewers(PullRequest request, List<String> reviewers) {
        ObjectNode body = ForgeClient.object();
        ArrayNode people = body.putArray("reviewers");
        ArrayNode teams = body.putArray("team_reviewers");
        reviewers.forEach(name -> {
            if (name.startsWith(TEAM)) {
                teams.add(name.substring(TEAM.length()));
            } else {
                people.add(name);
            }
        });
        client.send("POST", "/pulls/" + request.number() + "/requested_reviewers", body);
    }
}
