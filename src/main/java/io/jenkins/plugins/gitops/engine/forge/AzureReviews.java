package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.forge.PullRequests.Decisions;
import io.jenkins.plugins.gitops.engine.forge.PullRequests.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Votes of Azure DevOps, which name no commit: when each was given, and what stood on the branch then, tells it. */
final class AzureReviews {

    private AzureReviews() {}

    /**
     * @param told the pull request
     * @param iterations of its branch; asked for where somebody approves
     * @param threads of its comments, votes among them; asked for where somebody approves
     */
    static List<Review> of(JsonNode told, Supplier<List<JsonNode>> iterations, Supplier<List<JsonNode>> threads) {
        Decisions decisions = new Decisions();
        boolean isApproved = told.path("reviewers").findValuesAsText("vote").stream()
                .anyMatch(vote -> !vote.startsWith("-") && !vote.equals("0"));
        Map<String, String> reviewed = isApproved ? reviewed(iterations.get(), threads.get()) : Map.of();
        told.path("reviewers").forEach(reviewer -> {
            String login = reviewer.path("uniqueName").asText();
            int vote = reviewer.path("vote").asInt();
            // A group votes as its members do, who are listed themselves. A service is no person.
            if (vote > 0 && !reviewer.path("isContainer").asBoolean() && !isService(reviewer)) {
                decisions.approves(
                        login,
                        Optional.of(login).filter(name -> name.contains("@")),
                        Optional.ofNullable(reviewed.get(reviewer.path("id").asText())));
            } else if (vote < 0) {
                decisions.wantsChanges(login);
            }
        });
        return decisions.list();
    }

    /** Whether it is a build service or an application, as its descriptor says. */
    private static boolean isService(JsonNode reviewer) {
        String descriptor = reviewer.path("descriptor").asText();
        return descriptor.startsWith("svc.") || descriptor.startsWith("aadsp.");
    }

    /** By id of the reviewer, the commit that stood on the branch at the last vote. */
    private static Map<String, String> reviewed(List<JsonNode> iterations, List<JsonNode> threads) {
        Standing standing = new Standing();
        iterations.forEach(
                iteration -> standing.stood(iteration.path("createdDate"), iteration.at("/sourceRefCommit/commitId")));
        for (JsonNode thread : threads) {
            boolean isVote = thread.at("/properties/CodeReviewThreadType/$value")
                    .asText()
                    .equals("VoteUpdate");
            if (isVote) {
                standing.approved(thread.at("/comments/0/author/id").asText(), thread.path("publishedDate"));
            }
        }
        return standing.commits();
    }
}
