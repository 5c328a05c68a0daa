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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bitbucket Cloud. It enforces its merge checks on paid plans alone, and tells no more than conflicts before a merge.
 *
 * @see <a href="https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/">pull requests</a>
 */
final class BitbucketCloud extends PullRequests {

    private static final String REQUESTS = "/pullrequests";
    private static final int LONGEST_KEY = 40;

    BitbucketCloud(ForgeClient client) {
        super(client);
    }

    private List<JsonNode> pages(String path) {
        return client.list(path, "values", answer -> some(answer.body().path("next")));
    }

    private static String path(PullRequest request) {
        return REQUESTS + "/" + request.number();
    }

    @Override
    Optional<Long> number(String head, String base) {
        String query = "source.branch.name=\"" + head + "\" AND destination.branch.name=\"" + base + "\"";
        return best(
                own(REQUESTS + "?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&pagelen=50&q="
                        + encoded(query)),
                "id",
                found -> found.path("state").asText().equals("OPEN"));
    }

    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        String query = "destination.branch.name=\"" + base + "\"";
        return numbers(
                own(REQUESTS + "?state=OPEN&pagelen=50&q=" + encoded(query)),
                "id",
                found -> found.at("/source/branch/name").asText().startsWith(headPrefix));
    }

    /** Without those of forks, whose branches may have the same names. */
    private List<JsonNode> own(String path) {
        return pages(path).stream()
                .filter(found -> found.at("/source/repository/uuid").equals(found.at("/destination/repository/uuid")))
                .toList();
    }

    @Override
    long open(NewPullRequest proposal) {
        // It would open a second one for the same branches.
        Optional<PullRequest> there = find(proposal.head(), proposal.base()).filter(PullRequest::isOpen);
        if (there.isPresent()) {
            return there.get().number();
        }
        ObjectNode body = ForgeClient.object()
                .put("title", proposal.title())
                .put("description", proposal.body())
                .put("close_source_branch", true);
        body.putObject("source").putObject("branch").put("name", proposal.head());
        body.putObject("destination").putObject("branch").put("name", proposal.base());
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
        boolean conflicts = state == State.OPEN && conflicts(number);
        return new PullRequest(
                number,
                told.path("links").path("html").path("href").asText(),
                told.path("source").path("branch").path("name").asText(),
                told.path("destination").path("branch").path("name").asText(),
                told.path("description").asText(""),
                told.path("source").path("commit").path("hash").asText(),
                state,
                state == State.MERGED ? some(told.path("merge_commit").path("hash")) : Optional.empty(),
                state == State.OPEN
                        ? Optional.empty()
                        : some(told.path("closed_by").path("nickname")),
                conflicts ? Mergeability.OUTDATED : Mergeability.READY,
                conflicts ? "it conflicts with its base" : "",
                reviews(told, number),
                state == State.OPEN ? checks(number) : List.of(),
                Handover.NONE);
    }

    private boolean conflicts(long number) {
        return pages(REQUESTS + "/" + number + "/diffstat?pagelen=100").stream()
                .anyMatch(file -> file.path("status").asText().contains("conflict"));
    }

    /** Nicknames are chosen by their users, several of whom may have the same one: people are known by their account. */
    private List<PullRequest.Review> reviews(JsonNode told, long number) {
        Decisions decisions = new Decisions();
        boolean isApproved = told.path("participants").findValuesAsText("state").contains("approved");
        Map<String, String> reviewed = isApproved ? reviewed(number) : Map.of();
        told.path("participants").forEach(participant -> {
            String login = participant.path("user").path("nickname").asText();
            switch (participant.path("state").asText()) {
                case "approved" -> {
                    String account = participant.at("/user/account_id").asText();
                    // One of an app or of an access token is no person.
                    if (!participant.at("/user/type").asText().equals("app_user")) {
                        decisions.approves(
                                login, account, Optional.empty(), Optional.ofNullable(reviewed.get(account)));
                    }
                }
                case "changes_requested" -> decisions.wantsChanges(login);
                default -> {
                    // Not decided.
                }
            }
        });
        return decisions.list();
    }

    /** By account, the commit that stood on the branch when the user approved last: approvals name none. */
    private Map<String, String> reviewed(long number) {
        Map<String, String> reviewed = new HashMap<>();
        Set<String> waiting = new HashSet<>();
        // The newest comes first: what an approval is about is told after it.
        for (JsonNode activity : pages(REQUESTS + "/" + number + "/activity?pagelen=50")) {
            some(activity.at("/approval/user/account_id"))
                    .filter(account -> !reviewed.containsKey(account))
                    .ifPresent(waiting::add);
            some(activity.at("/update/source/commit/hash")).ifPresent(commit -> {
                waiting.forEach(account -> reviewed.put(account, commit));
                waiting.clear();
            });
        }
        return reviewed;
    }

    private List<Check> checks(long number) {
        return pages(REQUESTS + "/" + number + "/statuses?pagelen=100").stream()
                .map(status -> new Check(
                        some(status.path("name")).orElse(status.path("key").asText()),
                        switch (status.path("state").asText()) {
                            case "SUCCESSFUL" -> Outcome.PASSED;
                            case "INPROGRESS" -> Outcome.PENDING;
                            default -> Outcome.FAILED;
                        }))
                .toList();
    }

    @Override
    public void describe(PullRequest request, String title, String body) {
        client.send(
                "PUT", path(request), ForgeClient.object().put("title", title).put("description", body));
    }

    /** The server takes no commit to compare with, so it is looked at just before. */
    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        requireHead(request, client.get(path(request)).at("/source/commit/hash"));
        client.send(
                "POST",
                path(request) + "/merge",
                ForgeClient.object()
                        .put("message", subject + "\n\n" + body)
                        .put("close_source_branch", true)
                        .put(
                                "merge_strategy",
                                switch (method) {
                                    case MERGE -> "merge_commit";
                                    case SQUASH -> "squash";
                                    case REBASE -> "rebase_fast_forward";
                                }));
    }

    /** It has no auto-merge in its API. */
    @Override
    public boolean canHandOver() {
        return false;
    }

    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        throw new UnsupportedOperationException("Bitbucket Cloud has no auto-merge");
    }

    @Override
    public void takeBack(PullRequest request) {
        // It has nothing.
    }

    @Override
    void decline(PullRequest request) {
        client.send("POST", path(request) + "/decline", null);
    }

    @Override
    List<JsonNode> comments(PullRequest request) {
        return pages(path(request) + "/comments?pagelen=100");
    }

    @Override
    String textOf(JsonNode comment) {
        return comment.path("deleted").asBoolean()
                ? ""
                : comment.path("content").path("raw").asText();
    }

    private static ObjectNode content(String text) {
        ObjectNode body = ForgeClient.object();
        body.putObject("content").put("raw", text);
        return body;
    }

    @Override
    void addComment(PullRequest request, String text) {
        client.send("POST", path(request) + "/comments", content(text));
    }

    @Override
    void editComment(PullRequest request, JsonNode comment, String text) {
        client.send("PUT", path(request) + "/comments/" + comment.path("id").asLong(), content(text));
    }

    /** Users have no names there: {@code {uuid}} or an account id. */
    @Override
    public void requestReviewers(PullRequest request, List<String> reviewers) {
        JsonNode told = client.get(path(request));
        ObjectNode body = ForgeClient.object().put("title", told.path("title").asText());
        ArrayNode all = body.putArray("reviewers");
        List<String> known = new ArrayList<>();
        told.path("reviewers").forEach(one -> {
            all.addObject().put("uuid", one.path("uuid").asText());
            known.add(one.path("uuid").asText());
            known.add(one.path("account_id").asText());
        });
        reviewers.stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> all.addObject().put(name.startsWith("{") ? "uuid" : "account_id", name));
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
                "/commit/" + request.headCommit() + "/statuses/build",
                ForgeClient.object()
                        .put("key", cut(context, LONGEST_KEY))
                        .put("name", context)
                        .put("state", BitbucketDataCenter.state(outcome))
                        .put("description", description)
                        .put("url", target));
    }
}
