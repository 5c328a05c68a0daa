package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bitbucket Data Center. Every change names the version of the pull request that it was made for.
 *
 * @see <a href="https://developer.atlassian.com/server/bitbucket/rest/">REST API</a>
 */
final class BitbucketDataCenter extends PullRequests {

    private static final String REQUESTS = "/pull-requests";
    private static final String BRANCH = "refs/heads/";

    /** Of the builds of a commit, by its newer and its older address. */
    private final String buildStatus;

    /** @param buildStatus address of the server's build status API */
    BitbucketDataCenter(ForgeClient client, String buildStatus) {
        super(client);
        this.buildStatus = buildStatus;
    }

    private List<JsonNode> pages(String path) {
        return client.list(
                path,
                "values",
                answer -> answer.body().path("isLastPage").asBoolean(true)
                        ? Optional.empty()
                        : Optional.of(path + (path.contains("?") ? "&" : "?") + "start="
                                + answer.body().path("nextPageStart").asLong()));
    }

    private static String path(PullRequest request) {
        return REQUESTS + "/" + request.number();
    }

    @Override
    Optional<Long> number(String head, String base) {
        List<JsonNode> found =
                pages(REQUESTS + "?direction=OUTGOING&state=ALL&limit=100&at=" + encoded(BRANCH + head)).stream()
                        .filter(request ->
                                request.path("toRef").path("id").asText().equals(BRANCH + base))
                        .toList();
        return best(found, "id", request -> request.path("state").asText().equals("OPEN"));
    }

    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        return numbers(
                pages(REQUESTS + "?direction=INCOMING&state=OPEN&limit=100&at=" + encoded(BRANCH + base)),
                "id",
                found -> found.at("/fromRef/displayId").asText().startsWith(headPrefix)
                        && found.at("/fromRef/repository/id").equals(found.at("/toRef/repository/id")));
    }

    @Override
    long open(NewPullRequest proposal) {
        ObjectNode body = ForgeClient.object().put("title", proposal.title()).put("description", proposal.body());
        body.putObject("fromRef").put("id", BRANCH + proposal.head());
        body.putObject("toRef").put("id", BRANCH + proposal.base());
        return client.send("POST", REQUESTS, body).path("id").asLong();
    }

    @Override
    public PullRequest get(long number) {
        JsonNode told = client.get(REQUESTS + "/" + number);
        State state =
                switch (told.path("state").asText()) {
                    case "OPEN" -> State.OPEN;
                    case "MERGED" -> State.MERGED;
                    default -> State.CLOSED;
                };
        JsonNode merge = state == State.OPEN ? client.get(REQUESTS + "/" + number + "/merge") : ForgeClient.object();
        String commit = told.path("fromRef").path("latestCommit").asText();
        return new PullRequest(
                number,
                told.path("links").path("self").path(0).path("href").asText(),
                told.path("fromRef").path("displayId").asText(),
                told.path("toRef").path("displayId").asText(),
                told.path("description").asText(""),
                commit,
                state,
                state == State.MERGED
                        ? some(told.path("properties").path("mergeCommit").path("id"))
                        : Optional.empty(),
                state == State.OPEN ? Optional.empty() : endedBy(number, state),
                merge.path("conflicted").asBoolean()
                        ? Mergeability.OUTDATED
                        : merge.path("canMerge").asBoolean() ? Mergeability.READY : Mergeability.BLOCKED,
                merge.path("conflicted").asBoolean() ? "it conflicts with its base" : vetoes(merge),
                reviews(told),
                state == State.OPEN ? checks(commit) : List.of(),
                Handover.NONE);
    }

    private static String vetoes(JsonNode merge) {
        List<String> reasons = new ArrayList<>();
        merge.path("vetoes")
                .forEach(veto -> reasons.add(
                        cut(veto.path("summaryMessage").asText().replaceAll("[\\p{Cntrl}\\s]+", " "), 200)));
        return String.join("; ", reasons);
    }

    private Optional<String> endedBy(long number, State state) {
        String action = state == State.MERGED ? "MERGED" : "DECLINED";
        return pages(REQUESTS + "/" + number + "/activities?limit=100").stream()
                .filter(activity -> activity.path("action").asText().equals(action))
                .findFirst()
                .flatMap(activity -> some(activity.path("user").path("name")));
    }

    private static List<PullRequest.Review> reviews(JsonNode told) {
        Decisions decisions = new Decisions();
        told.path("reviewers").forEach(reviewer -> {
            String login = reviewer.path("user").path("name").asText();
            switch (reviewer.path("status").asText()) {
                case "APPROVED" -> {
                    // A service user stands for a token.
                    if (!reviewer.at("/user/type").asText().equals("SERVICE")) {
                        decisions.approves(
                                login,
                                some(reviewer.at("/user/emailAddress")),
                                some(reviewer.path("lastReviewedCommit")));
                    }
                }
                case "NEEDS_WORK" -> decisions.wantsChanges(login);
                default -> {
                    // Not decided.
                }
            }
        });
        return decisions.list();
    }

    private List<Check> checks(String commit) {
        return pages(buildStatus + "/commits/" + commit + "?limit=100").stream()
                .map(status -> new Check(
                        some(status.path("name")).orElse(status.path("key").asText()),
                        switch (status.path("state").asText()) {
                            case "SUCCESSFUL" -> Outcome.PASSED;
                            case "INPROGRESS", "UNKNOWN" -> Outcome.PENDING;
                            default -> Outcome.FAILED;
                        }))
                .toList();
    }

    static String state(Outcome outcome) {
        return switch (outcome) {
            case PENDING -> "INPROGRESS";
            case PASSED -> "SUCCESSFUL";
            case FAILED -> "FAILED";
        };
    }

    /** As it stands: what is left out of a change, reviewers for example, the server would remove. */
    private ObjectNode whole(PullRequest request) {
        JsonNode told = client.get(path(request));
        ObjectNode body = ForgeClient.object()
                .put("version", told.path("version").asLong())
                .put("title", told.path("title").asText())
                .put("description", told.path("description").asText());
        ArrayNode reviewers = body.putArray("reviewers");
        told.path("reviewers")
                .forEach(
                        one -> reviewer(reviewers, one.path("user").path("name").asText()));
        return body;
    }

    private static void reviewer(ArrayNode reviewers, String name) {
        reviewers.addObject().putObject("user").put("name", name);
    }

    @Override
    public void describe(PullRequest request, String title, String body) {
        client.send("PUT", path(request), whole(request).put("title", title).put("description", body));
    }

    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        merge(request, how(method, subject, body));
    }

    private static ObjectNode how(Method method, String subject, String body) {
        return ForgeClient.object()
                .put("message", subject + "\n\n" + body)
                .put(
                        "strategyId",
                        switch (method) {
                            case MERGE -> "no-ff";
                            case SQUASH -> "squash";
                            case REBASE -> "rebase-no-ff";
                        });
    }

    private void merge(PullRequest request, ObjectNode how) {
        JsonNode told = client.get(path(request));
        requireHead(request, told.at("/fromRef/latestCommit"));
        client.send(
                "POST", path(request) + "/merge?version=" + told.path("version").asLong(), how);
    }

    /** From Bitbucket 8.15 on. A pull request does not tell whether it is to be merged. */
    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        if (!client.getIfAllowed(path(request) + "/auto-merge").isObject()) {
            merge(request, how(method, subject, body).put("autoMerge", true));
        }
    }

    @Override
    public void takeBack(PullRequest request) {
        client.deleteIfThere(path(request) + "/auto-merge");
    }

    @Override
    void decline(PullRequest request) {
        long version = client.get(path(request)).path("version").asLong();
        client.send(
                "POST",
                path(request) + "/decline?version=" + version,
                ForgeClient.object().put("version", version));
    }

    /** Comments are found among what happened. */
    @Override
    List<JsonNode> comments(PullRequest request) {
        return pages(path(request) + "/activities?limit=100").stream()
                .filter(activity -> activity.path("action").asText().equals("COMMENTED"))
                .map(activity -> activity.path("comment"))
                .toList();
    }

    @Override
    String textOf(JsonNode comment) {
        return comment.path("text").asText();
    }

    @Override
    void addComment(PullRequest request, String text) {
        client.send("POST", path(request) + "/comments", ForgeClient.object().put("text", text));
    }

    @Override
    void editComment(PullRequest request, JsonNode comment, String text) {
        client.send(
                "PUT",
                path(request) + "/comments/" + comment.path("id").asLong(),
                ForgeClient.object()
                        .put("version", comment.path("version").asLong())
                        .put("text", text));
    }

    @Override
    public void requestReviewers(PullRequest request, List<String> reviewers) {
        ObjectNode body = whole(request);
        ArrayNode all = (ArrayNode) body.path("reviewers");
        List<String> known = new ArrayList<>();
        all.forEach(one -> known.add(one.path("user").path("name").asText()));
        reviewers.stream().filter(name -> !known.contains(name)).forEach(name -> reviewer(all, name));
        client.send("PUT", path(request), body);
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public void label(PullRequest request, List<String> labels) {
        throw new UnsupportedOperationException("Bitbucket has no labels of pull requests");
    }

    @Override
    public void status(PullRequest request, String context, Outcome outcome, String description, String target) {
        client.send(
                "POST",
                buildStatus + "/commits/" + request.headCommit(),
                ForgeClient.object()
                        .put("key", context)
                        .put("name", context)
                        .put("state", state(outcome))
                        .put("description", cut(description, 255))
                        .put("url", target));
    }
}
