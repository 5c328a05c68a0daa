package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Azure DevOps, also as a server of one's own. Merges are done in the background: one that was asked for is open for a
 * while.
 *
 * @see <a href="https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-requests">pull requests</a>
 */
final class AzureDevOps extends PullRequests {

    private static final String REQUESTS = "/pullrequests";
    private static final String BRANCH = "refs/heads/";
    private static final String VERSION = "api-version=7.1";
    private static final int PAGE = 100;
    /** A policy's outcome is asked for with a preview of the API; there is no other. */
    private static final String POLICIES_VERSION = "api-version=7.1-preview.1";

    /** Whose the token is, is asked for with a preview of the API, too. */
    private static final String CONNECTION_VERSION = "api-version=7.1-preview";

    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";
    private static final int LONGEST_BODY = 4000;

    /** Path of the project's API, without the repository. */
    private final String project;

    private final String organization;

    AzureDevOps(ForgeClient client, String project) {
        super(client);
        this.project = project;
        this.organization = project.replaceFirst("/[^/]+/_apis$", "/_apis");
    }

    private static String path(PullRequest request) {
        return path(request.number(), "");
    }

    private static String path(long number, String below) {
        return REQUESTS + "/" + number + below + "?" + VERSION;
    }

    private List<JsonNode> values(String path) {
        List<JsonNode> all = new ArrayList<>();
        client.get(path).path("value").forEach(all::add);
        return all;
    }

    @Override
    Optional<Long> number(String head, String base) {
        return best(
                own("?searchCriteria.status=all&searchCriteria.sourceRefName=" + encoded(BRANCH + head)
                        + "&searchCriteria.targetRefName=" + encoded(BRANCH + base)),
                "pullRequestId",
                request -> request.path("status").asText().equals("active"));
    }

    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        return numbers(
                own("?searchCriteria.status=active&searchCriteria.targetRefName=" + encoded(BRANCH + base)),
                "pullRequestId",
                request -> request.path("sourceRefName").asText().startsWith(BRANCH + headPrefix));
    }

    /** Without those of forks. The server names no next page: a full one may have one. */
    private List<JsonNode> own(String criteria) {
        String query = REQUESTS + criteria + "&$top=" + PAGE + "&" + VERSION;
        int[] skipped = {0};
        return client
                .list(query, "value", answer -> {
                    skipped[0] += PAGE;
                    return answer.body().path("value").size() < PAGE
                            ? Optional.empty()
                            : Optional.of(query + "&$skip=" + skipped[0]);
                })
                .stream()
                .filter(request -> !request.hasNonNull("forkSource"))
                .toList();
    }

    @Override
    long open(NewPullRequest proposal) {
        return client.send(
                        "POST",
                        REQUESTS + "?" + VERSION,
                        ForgeClient.object()
                                .put("sourceRefName", BRANCH + proposal.head())
                                .put("targetRefName", BRANCH + proposal.base())
                                .put("title", proposal.title())
                                .put("description", cut(proposal.body(), LONGEST_BODY)))
                .path("pullRequestId")
                .asLong();
    }

    @Override
    public PullRequest get(long number) {
        JsonNode told = client.get(path(number, ""));
        State state =
                switch (told.path("status").asText()) {
                    case "active" -> State.OPEN;
                    case "completed" -> State.MERGED;
                    default -> State.CLOSED;
                };
        List<JsonNode> policies = state == State.OPEN ? policies(told, number) : List.of();
        List<String> missing = policies.stream()
                .filter(policy ->
                        policy.path("configuration").path("isBlocking").asBoolean())
                .filter(policy -> policyOutcome(policy) != Outcome.PASSED)
                .map(AzureDevOps::policyName)
                .toList();
        return new PullRequest(
                number,
                told.path("repository").path("webUrl").asText() + "/pullrequest/" + number,
                told.path("sourceRefName").asText().replaceFirst("^" + BRANCH, ""),
                told.path("targetRefName").asText().replaceFirst("^" + BRANCH, ""),
                told.path("description").asText(""),
                told.path("lastMergeSourceCommit").path("commitId").asText(),
                state,
                state == State.MERGED ? some(told.path("lastMergeCommit").path("commitId")) : Optional.empty(),
                state == State.OPEN
                        ? Optional.empty()
                        : some(told.path("closedBy").path("uniqueName")),
                mergeability(told.path("mergeStatus").asText(), missing),
                missing.isEmpty()
                        ? reason(told.path("mergeStatus").asText())
                        : "policies have not passed: " + String.join(", ", missing),
                AzureReviews.of(
                        told, () -> values(path(number, "/iterations")), () -> values(path(number, "/threads"))),
                state == State.OPEN ? checks(number, policies) : List.of(),
                state == State.OPEN && hasAutoComplete(told)
                        ? new Handover(false, Handover.By.AUTO_MERGE, Optional.empty())
                        : Handover.NONE);
    }

    private static Mergeability mergeability(String status, List<String> missing) {
        return switch (status) {
            case "succeeded" -> missing.isEmpty() ? Mergeability.READY : Mergeability.BLOCKED;
            case "conflicts" -> Mergeability.OUTDATED;
            case "rejectedByPolicy", "failure" -> Mergeability.BLOCKED;
            default -> Mergeability.UNKNOWN;
        };
    }

    private static String reason(String status) {
        return switch (status) {
            case "conflicts" -> "it conflicts with its base";
            case "rejectedByPolicy" -> "a policy rejects it";
            case "failure" -> "the test merge failed";
            default -> "";
        };
    }

    /** None where the credentials may not read policies: the server minds them all the same. */
    private List<JsonNode> policies(JsonNode told, long number) {
        String artifact = "vstfs:///CodeReview/CodeReviewId/"
                + told.path("repository").path("project").path("id").asText() + "/" + number;
        List<JsonNode> all = new ArrayList<>();
        client.getIfAllowed(project + "/policy/evaluations?artifactId=" + encoded(artifact) + "&" + POLICIES_VERSION)
                .path("value")
                .forEach(all::add);
        return all;
    }

    private static String policyName(JsonNode policy) {
        JsonNode configuration = policy.path("configuration");
        return some(configuration.path("settings").path("displayName"))
                .orElse(configuration.path("type").path("displayName").asText());
    }

    private static Outcome policyOutcome(JsonNode policy) {
        return switch (policy.path("status").asText()) {
            case "approved", "notApplicable" -> Outcome.PASSED;
            case "queued", "running" -> Outcome.PENDING;
            default -> Outcome.FAILED;
        };
    }

    private List<Check> checks(long number, List<JsonNode> policies) {
        Map<String, Outcome> statuses = new LinkedHashMap<>();
        values(path(number, "/statuses")).forEach(status -> {
            JsonNode context = status.path("context");
            // The newest comes last.
            statuses.put(
                    some(context.path("genre")).map(genre -> genre + "/").orElse("")
                            + context.path("name").asText(),
                    switch (status.path("state").asText()) {
                        case "succeeded", "notApplicable" -> Outcome.PASSED;
                        case "pending", "notSet" -> Outcome.PENDING;
                        default -> Outcome.FAILED;
                    });
        });
        List<Check> checks = new ArrayList<>();
        statuses.forEach((name, outcome) -> checks.add(new Check(name, outcome)));
        policies.stream()
                .filter(policy ->
                        policy.path("configuration").path("isBlocking").asBoolean())
                .forEach(policy -> checks.add(new Check(policyName(policy), policyOutcome(policy))));
        return checks;
    }

    @Override
    public int longestText() {
        return LONGEST_BODY;
    }

    @Override
    public void describe(PullRequest request, String title, String body) {
        client.send(
                "PATCH",
                path(request),
                ForgeClient.object().put("title", title).put("description", cut(body, LONGEST_BODY)));
    }

    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        ObjectNode change = how(method, subject, body).put("status", "completed");
        change.putObject("lastMergeSourceCommit").put("commitId", request.headCommit());
        client.send("PATCH", path(request), change);
    }

    private static ObjectNode how(Method method, String subject, String body) {
        ObjectNode change = ForgeClient.object();
        change.putObject("completionOptions")
                .put(
                        "mergeStrategy",
                        switch (method) {
                            case MERGE -> "noFastForward";
                            case SQUASH -> "squash";
                            case REBASE -> "rebase";
                        })
                .put("mergeCommitMessage", subject + "\n\n" + body)
                .put("deleteSourceBranch", true);
        return change;
    }

    private static boolean hasAutoComplete(JsonNode told) {
        return some(told.path("autoCompleteSetBy").path("id"))
                .filter(id -> !id.equals(NOBODY))
                .isPresent();
    }

    /** Auto-complete takes no commit to compare with, so it is looked at just before. */
    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        JsonNode told = client.get(path(request));
        requireHead(request, told.at("/lastMergeSourceCommit/commitId"));
        if (!hasAutoComplete(told)) {
            ObjectNode change = how(method, subject, body);
            change.putObject("autoCompleteSetBy")
                    .set(
                            "id",
                            client.get(organization + "/connectionData?" + CONNECTION_VERSION)
                                    .at("/authenticatedUser/id"));
            client.send("PATCH", path(request), change);
        }
    }

    @Override
    public void takeBack(PullRequest request) {
        if (request.handover().isAccepted()) {
            ObjectNode change = ForgeClient.object();
            change.putObject("autoCompleteSetBy").put("id", NOBODY);
            client.send("PATCH", path(request), change);
        }
    }

    @Override
    void decline(PullRequest request) {
        client.send("PATCH", path(request), ForgeClient.object().put("status", "abandoned"));
    }

    /** The first of each thread. */
    @Override
    List<JsonNode> comments(PullRequest request) {
        List<JsonNode> first = new ArrayList<>();
        values(path(request.number(), "/threads")).forEach(thread -> {
            JsonNode comment = thread.path("comments").path(0);
            if (comment.isObject() && !comment.path("isDeleted").asBoolean()) {
                first.add(((ObjectNode) comment.deepCopy()).set("thread", thread.path("id")));
            }
        });
        return first;
    }

    @Override
    String textOf(JsonNode comment) {
        return comment.path("content").asText();
    }

    @Override
    void addComment(PullRequest request, String text) {
        ObjectNode thread = ForgeClient.object().put("status", "closed");
        thread.putArray("comments")
                .addObject()
                .put("parentCommentId", 0)
                .put("content", text)
                .put("commentType", "text");
        client.send("POST", path(request.number(), "/threads"), thread);
    }

    @Override
    void editComment(PullRequest request, JsonNode comment, String text) {
        client.send(
                "PATCH",
                path(
                        request.number(),
                        "/threads/" + comment.path("thread").asLong() + "/comments/"
                                + comment.path("id").asLong()),
                ForgeClient.object().put("content", text));
    }

    /** By the id of a user or group: names are known to another service of the provider's. */
    @Override
    public void requestReviewers(PullRequest request, List<String> reviewers) {
        for (String reviewer : reviewers) {
            try {
                UUID.fromString(reviewer);
            } catch (IllegalArgumentException notAnId) {
                throw new ForgeException(
                        Kind.NOT_FOUND,
                        "Azure DevOps takes ids of users and groups as 'reviewers', and '" + cut(reviewer, 60)
                                + "' is not an id: give the id, or declare required reviewers in a branch policy.",
                        null,
                        null);
            }
            client.send(
                    "PUT",
                    path(request.number(), "/reviewers/" + reviewer),
                    ForgeClient.object().put("vote", 0));
        }
    }

    @Override
    public void label(PullRequest request, List<String> labels) {
        labels.forEach(label -> client.send(
                "POST", path(request.number(), "/labels"), ForgeClient.object().put("name", label)));
    }

    @Override
    public void status(PullRequest request, String context, Outcome outcome, String description, String target) {
        ObjectNode status = ForgeClient.object()
                .put(
                        "state",
                        switch (outcome) {
                            case PENDING -> "pending";
                            case PASSED -> "succeeded";
                            case FAILED -> "failed";
                        })
                .put("description", description)
                .put("targetUrl", target);
        int slash = context.indexOf('/');
        ObjectNode names = status.putObject("context").put("name", context.substring(slash + 1));
        if (slash > 0) {
            names.put("genre", context.substring(0, slash));
        }
        client.send("POST", path(request.number(), "/statuses"), status);
    }
}
