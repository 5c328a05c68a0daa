package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Gitea and Forgejo.
 *
 * @see <a href="https://docs.gitea.com/api/">API</a>
 */
final class Gitea extends GitHubLike {

    Gitea(ForgeClient client) {
        super(client);
    }

    /** The server gives any pull request of these branches: it may be closed while another one is open. */
    @Override
    Optional<Long> number(String head, String base) {
        JsonNode found = client.getIfAllowed(
                "/pulls/" + encoded(base) + "/" + encoded(head).replace("%2F", "/"));
        if (!found.isObject()) {
            return Optional.empty();
        }
        List<JsonNode> candidates = new ArrayList<>(List.of(found));
        if (!isOpen(found)) {
            open(base).stream()
                    .filter(request -> request.path("head").path("ref").asText().equals(head))
                    .forEach(candidates::add);
        }
        return best(candidates, "number", Gitea::isOpen);
    }

    @Override
    List<Long> openNumbers(String headPrefix, String base) {
        return numbers(
                open(base),
                "number",
                request -> request.path("head").path("ref").asText().startsWith(headPrefix));
    }

    /** Without those of forks, whose branches may have the same names. */
    private List<JsonNode> open(String base) {
        return client.list("/pulls?state=open&limit=50", "").stream()
                .filter(request -> request.path("base").path("ref").asText().equals(base)
                        && request.at("/head/repo_id").equals(request.at("/base/repo_id")))
                .toList();
    }

    private static boolean isOpen(JsonNode request) {
        return request.path("state").asText().equals("open");
    }

    @Override
    long open(NewPullRequest proposal) {
        return client.send(
                        "POST",
                        "/pulls",
                        ForgeClient.object()
                                .put("head", proposal.head())
                                .put("base", proposal.base())
                                .put("title", proposal.title())
                                .put("body", proposal.body()))
                .path("number")
                .asLong();
    }

    @Override
    public PullRequest get(long number) {
        JsonNode told = client.get("/pulls/" + number);
        State state = told.path("merged").asBoolean() ? State.MERGED : isOpen(told) ? State.OPEN : State.CLOSED;
        String commit = told.path("head").path("sha").asText();
        // Also false while the server has not worked it out, and of a draft.
        boolean mergeable = told.path("mergeable").asBoolean();
        return new PullRequest(
                number,
                told.path("html_url").asText(),
                told.path("head").path("ref").asText(),
                told.path("base").path("ref").asText(),
                told.path("body").asText(""),
                commit,
                state,
                state == State.MERGED ? some(told.path("merge_commit_sha")) : Optional.empty(),
                switch (state) {
                    case OPEN -> Optional.empty();
                    case MERGED -> some(told.path("merged_by").path("login"));
                    case CLOSED -> closedBy(number);
                },
                mergeable ? Mergeability.READY : Mergeability.OUTDATED,
                mergeable ? "" : "it conflicts with its base, or was not checked yet",
                reviews(number),
                state == State.OPEN ? checks(commit) : List.of(),
                Handover.NONE);
    }

    private Optional<String> closedBy(long number) {
        return client.list("/issues/" + number + "/timeline?limit=50", "").stream()
                .filter(event -> event.path("type").asText().equals("close"))
                .reduce((first, last) -> last)
                .flatMap(event -> some(event.path("user").path("login")));
    }

    private List<PullRequest.Review> reviews(long number) {
        Decisions decisions = new Decisions();
        for (JsonNode review : client.list("/pulls/" + number + "/reviews?limit=50", "")) {
            String login = review.path("user").path("login").asText();
            String said = review.path("state").asText();
            if (review.path("dismissed").asBoolean() || review.path("stale").asBoolean() && said.equals("APPROVED")) {
                decisions.withdraws(login);
            } else if (said.equals("APPROVED")) {
                decisions.approves(login, some(review.at("/user/email")), some(review.path("commit_id")));
            } else if (said.equals("REQUEST_CHANGES")) {
                decisions.wantsChanges(login);
            }
        }
        return decisions.list();
    }

    private List<Check> checks(String commit) {
        List<Check> checks = new ArrayList<>();
        client.get("/commits/" + commit + "/status")
                .path("statuses")
                .forEach(status -> checks.add(new Check(
                        status.path("context").asText(),
                        switch (status.path("status").asText()) {
                            case "success", "skipped" -> Outcome.PASSED;
                            case "pending" -> Outcome.PENDING;
                            default -> Outcome.FAILED;
                        })));
        return checks;
    }

    @Override
    public void merge(PullRequest request, Method method, String subject, String body) {
        client.send("POST", merges(request), how(request, method, subject, body));
    }

    private static String merges(PullRequest request) {
        return "/pulls/" + request.number() + "/merge";
    }

    private static ObjectNode how(PullRequest request, Method method, String subject, String body) {
        return ForgeClient.object()
                .put("Do", method.name().toLowerCase(Locale.ROOT))
                .put("MergeTitleField", subject)
                .put("MergeMessageField", body)
                .put("head_commit_id", request.headCommit())
                .put("delete_branch_after_merge", true);
    }

    /**
     * A pull request does not tell whether it is scheduled. What is scheduled is compared with no commit, so that is looked
     * at just before.
     */
    @Override
    public void handOver(PullRequest request, Method method, String subject, String body) {
        requireHead(request, client.get("/pulls/" + request.number()).at("/head/sha"));
        try {
            client.send(
                    "POST",
                    merges(request),
                    how(request, method, subject, body).put("merge_when_checks_succeed", true));
        } catch (ForgeException e) {
            if (e.kind() != Kind.REFUSED || !String.valueOf(e.getMessage()).contains("already scheduled")) {
                throw e;
            }
        }
    }

    @Override
    public void takeBack(PullRequest request) {
        client.deleteIfThere(merges(request));
    }

    @Override
    List<JsonNode> comments(PullRequest request) {
        return client.list("/issues/" + request.number() + "/comments", "");
    }

    @Override
    public void label(PullRequest request, List<String> labels) {
        List<JsonNode> known = client.list("/labels?limit=50", "");
        ObjectNode body = ForgeClient.object();
        ArrayNode ids = body.putArray("labels");
        for (String label : labels) {
            ids.add(known.stream()
                    .filter(one -> one.path("name").asText().equals(label))
                    .map(one -> one.path("id").asLong())
                    .findFirst()
                    .orElseThrow(() -> new ForgeException(
                            Kind.NOT_FOUND,
                            "The repository has no label '" + label + "': create it there, or correct 'labels'.",
                            null,
                            null)));
        }
        client.send("POST", "/issues/" + request.number() + "/labels", body);
    }

    @Override
    public void status(PullRequest request, String context, Outcome outcome, String description, String target) {
        client.send(
                "POST",
                "/statuses/" + request.headCommit(),
                ForgeClient.object()
                        .put("context", context)
                        .put(
                                "state",
                                switch (outcome) {
                                    case PENDING -> "pending";
                                    case PASSED -> "success";
                                    case FAILED -> "failure";
                                })
                        .put("description", description)
                        .put("target_url", target));
    }
}
