package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An example's road to the gate of prod, and who stands there: two people of two groups have to approve.
 *
 * @param single the line of the declaration that asks for one approval only
 * @param two what it is replaced by
 * @param approvers one of each group
 * @param items of prod's checklist
 */
enum Road {
    ONE_SERVICE(
            "one-service",
            "shop",
            List.of("main"),
            "approvals: { required: 1, from: [release-managers] }",
            "approvals: { required: 2, from: [release-managers, qa] }",
            List.of("rita", "quentin"),
            List.of("Rollback plan documented")),

    BRANCH_FLOW(
            "branch-flow",
            "shop",
            List.of("develop", "main"),
            ONE_SERVICE.single,
            ONE_SERVICE.two,
            ONE_SERVICE.approvers,
            ONE_SERVICE.items),

    FULL_FLOW(
            "full-flow",
            "billing",
            List.of("main"),
            "approvals: { required: 1, from: [product-owners] }",
            "approvals: { required: 2, from: [product-owners, release-managers] }",
            List.of("paula", "rita"),
            List.of("Rollback plan documented", "Support is informed"));

    private final String example;
    private final String application;
    private final List<String> branches;
    private final String single;
    private final String two;
    private final List<String> approvers;
    private final List<String> items;

    Road(
            String example,
            String application,
            List<String> branches,
            String single,
            String two,
            List<String> approvers,
            List<String> items) {
        this.example = example;
        this.application = application;
        this.branches = branches;
        this.single = single;
        this.two = two;
        this.approvers = approvers;
        this.items = items;
    }

    String application() {
        return application;
    }

    String target() {
        return application + "/prod";
    }

    List<String> approvers() {
        return approvers;
    }

    List<String> items() {
        return items;
    }

    /** A run that waits at the gate of prod. */
    record Arrived(PlaygroundRun run, JsonNode gate) {}

    void declareTwoApprovers(PlaygroundFixture playground) throws IOException {
        playground.declare(text -> text.replace(single, two));
    }

    /** After {@link #declareTwoApprovers}. */
    void declareExpiry(PlaygroundFixture playground, String expires) throws IOException {
        playground.declare(text -> text.replace(two, two + "\n          expires: " + expires));
    }

    /** Runs the example up to the end, or until somebody has to let it into prod. */
    PlaygroundRun start(PlaygroundFixture playground) throws Exception {
        for (String before : branches.subList(0, branches.size() - 1)) {
            PlaygroundFixture.Ended ended = PlaygroundFixture.end(playground.start(example, before));
            if (ended.result() != RunResult.SUCCESS) {
                throw new AssertionError(ended.log());
            }
        }
        PlaygroundRun run = playground.start(example, branches.get(branches.size() - 1));
        if (this == FULL_FLOW) {
            assertThat(playground.decide(
                            playground.openGate(application + "/staging"),
                            "approve",
                            "quentin",
                            Map.of("comment", "tested")))
                    .startsWith("200");
        }
        return run;
    }

    Arrived arrive(PlaygroundFixture playground) throws Exception {
        PlaygroundRun run = start(playground);
        return new Arrived(run, playground.openGate(target()));
    }

    /** Does all that the gate of prod asks people for. */
    void letIn(PlaygroundFixture playground, JsonNode gate) throws Exception {
        for (String item : items) {
            assertThat(playground.decide(gate, "tick", approvers.get(0), Map.of("item", item)))
                    .startsWith("200");
        }
        for (String approver : approvers) {
            assertThat(playground.decide(gate, "approve", approver, Map.of("comment", "")))
                    .startsWith("200");
        }
    }
}
