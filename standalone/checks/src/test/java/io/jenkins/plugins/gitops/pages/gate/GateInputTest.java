package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Failure;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStep;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;

/** A gate settled as an {@code input}: what gets through is what the gate's own page lets through. */
class GateInputTest extends GateInputFixture {

    @Test
    void aGateIsAnInputAtTheNodeOfItsStep() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        InputStepExecution input = onlyInput();

        assertThat(input.getContext().get(FlowNode.class)).isEqualTo(node);
        assertThat(input.getRun()).isSameAs(run);
        InputStep asked = input.getInput();
        assertThat(asked.getMessage()).isEqualTo("Go on?");
        assertThat(asked.getOk()).isEqualTo("Approve");
        assertThat(asked.getCancel()).isEqualTo("Reject");
        assertThat(asked.getId()).isEqualTo("Gate-" + gate.id());
        assertThat(asked.getParameters()).singleElement().extracting("name").isEqualTo("comment");
        InputAction inputs = run.getAction(InputAction.class);
        assertThat(inputs.getExecution(input.getId())).isSameAs(input);
        assertThat(inputs.isWaitingForInput()).isTrue();
        assertThat(inputs.getIconFileName())
                .as("the gate's own page is in the menu")
                .isNull();
        assertThat(inputs.getDisplayName()).isNotBlank();
    }

    @Test
    void whoeverMayApprovesWithAComment() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        proceed(MANAGER, onlyInput(), Map.of("comment", "Load test passed"));

        assertThat(decisions(gate)).singleElement().isInstanceOfSatisfying(GateEvent.Approved.class, approved -> {
            assertThat(approved.by().id()).isEqualTo("mary");
            assertThat(approved.comment()).isEqualTo("Load test passed");
        });
        awaitEnd(gate);
        assertThat(run.getAction(InputAction.class).isWaitingForInput()).isFalse();
        assertThat(marks()).as("the gate keeps the record").isEmpty();
    }

    @Test
    void theInputAnswersWhoeverMayNotDecideAtAll() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        for (Authentication who : List.of(READER, CANCELLER, StandIn.anonymous())) {
            assertThatThrownBy(() -> proceed(who, onlyInput(), Map.of()))
                    .as(who.getName())
                    .isInstanceOf(Failure.class);
        }

        nothingHappened(gate);
    }

    /** The address of an input is read by a GET, or outside of any request. */
    @Test
    void theAddressOfAnInputIsThereForEverybodyWhoReads() throws Exception {
        open(ONE_MANAGER);
        try (ACLContext as = ACL.as2(READER)) {
            assertThat(run.getAction(InputAction.class).getDynamic(onlyInput().getId()))
                    .as("%s", as)
                    .isSameAs(onlyInput());
        }
    }

    @Test
    void theGateTurnsAwayWhoeverMayNotDecideAtAllAndNobodyElse() {
        OfferedGate gate = open(ONE_MANAGER);

        for (Authentication who : List.of(MANAGER, OUTSIDER, STARTER)) {
            try (ACLContext as = ACL.as2(who)) {
                assertThatCode(gate::requireDecider).as("%s", as).doesNotThrowAnyException();
            }
        }
        for (Authentication who : List.of(READER, CANCELLER)) {
            try (ACLContext as = ACL.as2(who)) {
                assertThatThrownBy(gate::requireDecider).as("%s", as).hasMessageContaining("GitOps/Approve");
            }
        }
        nothingHappened(gate);
    }

    private static GateSubject promotion(String from) {
        return new GateSubject.Promotion(
                "id",
                "https://git.example.org/config.git",
                "main",
                "shop",
                "prod",
                "main",
                Map.of(),
                List.of(
                        new ImageChange("shop/prod", "api", image("1.0.0"), image("1.1.0")),
                        new ImageChange("shop/prod", "worker", image("1.0.0"), image("1.0.0"))),
                List.of(),
                from,
                "0123456789abcdef0123456789abcdef01234567",
                List.of(),
                List.of(),
                null,
                null);
    }

    @Test
    void whatComesFromNoEnvironmentNamesNone() {
        assertThat(new GateInput(open(promotion(""), ONE_MANAGER)).getMessage()).isEqualTo("promote shop to prod");
    }

    @Test
    void aPromotionSaysWhatGoesWhere() {
        OfferedGate gate = open(promotion("staging"), ONE_MANAGER);

        assertThat(new GateInput(gate).getMessage())
                .as("the title of Pipeline Graph View's dialog keeps small letters alone")
                .isEqualTo("promote shop from staging to prod");
        assertThat(new GateInput(gate).getParameters())
                .singleElement()
                .satisfies(comment -> assertThat(comment.getDescription())
                        .startsWith("api 1.0.0 -> 1.1.0. The gate for shop/prod waits for approvals (0 of 1 from"
                                + " release-managers)")
                        .endsWith(". Optional comment, recorded with the approval. The gate:"
                                + " https://jenkins.example.org/gate/"));
    }

    @Test
    void anInputThatStaysSaysWhichApprovalsHaveCounted() throws Exception {
        open(approvals(2, MANAGERS));
        assertThat(comment()).startsWith("The gate for 'Go on?' waits for approvals (0 of 2 from release-managers)");

        proceed(MANAGER, onlyInput(), Map.of());

        assertThat(comment()).contains("(1 of 2 from release-managers (mary))");
    }

    private String comment() throws Exception {
        return onlyInput().getInput().getParameters().get(0).getDescription();
    }

    @Test
    void theInputSaysWhomToAsk() throws Exception {
        open(ONE_MANAGER);
        try (ACLContext as = ACL.as2(CANCELLER)) {
            assertThat(onlyInput().getInput().getSubmitter()).as("%s", as).isEqualTo(MANAGERS);
        }
        open(approvals(1));
        try (ACLContext as = ACL.as2(CANCELLER)) {
            assertThat(inputs().get(1).getInput().getSubmitter())
                    .as("%s", as)
                    .isEqualTo("somebody with the permission GitOps/Approve");
        }
    }

    @Test
    void theGateAnswersWhoeverIsNotOnItsListAndNothingIsLeftBehind() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        InputStepExecution clicked = onlyInput();

        assertThatThrownBy(() -> proceed(OUTSIDER, clicked, Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessage("olaf is not among those who may approve 'Go on?': ask one of release-managers.");

        nothingHappened(gate);
        assertThat(onlyInput()).as("a fresh one").isNotSameAs(clicked);
        assertThat(onlyInput().getId()).isEqualTo(clicked.getId());
        proceed(MANAGER, onlyInput(), Map.of());
        awaitEnd(gate);
    }

    @Test
    void aMemberOfTheListWithoutThePermissionIsRefusedByTheGate() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        assertThatThrownBy(() -> proceed(READER, onlyInput(), Map.of())).hasMessageContaining("GitOps/Approve");

        nothingHappened(gate);
    }

    @Test
    void whoeverStartedTheRunCannotApprove() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        assertThatThrownBy(() -> proceed(STARTER, onlyInput(), Map.of())).hasMessageContaining("started the run");

        nothingHappened(gate);
    }

    /** As another plugin may do that reminds people and answers for them. */
    @Test
    void codeThatRunsAsTheSystemCannotApprove() throws Exception {
        OfferedGate gate = open(approvals(1));

        assertThatThrownBy(() -> proceed(ACL.SYSTEM2, onlyInput(), Map.of())).hasMessageContaining("Sign in");

        nothingHappened(gate);
    }

    @Test
    void codeThatSkipsTheInputsOwnCheckMeetsTheGatesRules() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        for (Authentication who : List.of(READER, CANCELLER, OUTSIDER, STARTER)) {
            try (ACLContext as = ACL.as2(who)) {
                InputStepExecution input = onlyInput();
                assertThatThrownBy(() -> input.proceed(null)).as("%s", as).isInstanceOf(Failure.class);
            }
        }

        nothingHappened(gate);
    }

    @Test
    void theInputIsOfferedUntilEveryApprovalIsThere() throws Exception {
        OfferedGate gate = open(approvals(2, MANAGERS));

        proceed(MANAGER, onlyInput(), Map.of());

        assertThat(gate.isOpen()).isTrue();
        assertThat(PauseAction.isPaused(node)).isTrue();
        assertThatThrownBy(() -> proceed(MANAGER, onlyInput(), Map.of())).hasMessageContaining("approved already");
        proceed(MANAGER_TOO, onlyInput(), Map.of());
        awaitEnd(gate);
        assertThat(inputs()).isEmpty();
    }

    @Test
    void anInputThatIsSettledTwiceCountsOnce() throws Exception {
        OfferedGate gate = open(approvals(2, MANAGERS));
        InputStepExecution clicked = onlyInput();
        proceed(MANAGER, clicked, Map.of());

        assertThatThrownBy(() -> proceed(MANAGER, clicked, Map.of())).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> proceed(MANAGER_TOO, clicked, Map.of())).isInstanceOf(Failure.class);

        assertThat(decisions(gate)).hasSize(1);
    }

    @Test
    void anApproverRejects() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        abort(OUTSIDER, onlyInput());

        assertThat(decisions(gate))
                .singleElement()
                .isInstanceOfSatisfying(
                        GateEvent.Rejected.class,
                        rejected -> assertThat(rejected.by().id()).isEqualTo("olaf"));
        assertThat(inputs()).isEmpty();
    }

    @Test
    void whoeverMayCancelTheJobDoesNotRejectByIt() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        assertThatThrownBy(() -> abort(CANCELLER, onlyInput()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("GitOps/Approve");
        assertThatThrownBy(() -> abort(READER, onlyInput())).isInstanceOf(Failure.class);

        nothingHappened(gate);
        assertThat(inputs()).hasSize(1);
    }

    @Test
    void anInputThatIsStoppedByCodeDoesNotRejectTheGate() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        try (ACLContext as = ACL.as2(MANAGER)) {
            onlyInput().stop(new IllegalStateException("as " + as));
        }

        nothingHappened(gate);
    }

    private static ImageReference image(String tag) {
        return ImageReference.parse("ghcr.io/acme/api:" + tag);
    }
}
