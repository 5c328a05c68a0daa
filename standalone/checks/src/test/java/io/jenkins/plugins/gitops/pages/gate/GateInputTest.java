package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Action;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepContextStandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStep;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.Authentication;

/** A gate settled as an {@code input}: what gets through is what the gate's own page lets through. */
class GateInputTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MANAGERS = "release-managers";
    private static final GateDefinition ONE_MANAGER = approvals(1, MANAGERS);

    private static final Set<Permission> READING = Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW);
    private static final Set<Permission> APPROVING =
            Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW, GitOpsPermissions.APPROVE);
    private static final Map<String, Set<Permission>> PEOPLE = Map.of(
            "rita", READING,
            "carl", Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW, Item.BUILD, Item.CANCEL),
            "mary", APPROVING,
            "mona", APPROVING,
            "olaf", APPROVING,
            "starter", APPROVING);
    private static final Authentication READER = StandIn.user("rita", List.of(MANAGERS));
    private static final Authentication CANCELLER = StandIn.user("carl", List.of());
    private static final Authentication MANAGER = StandIn.user("mary", List.of(MANAGERS));
    private static final Authentication MANAGER_TOO = StandIn.user("mona", List.of(MANAGERS));
    private static final Authentication OUTSIDER = StandIn.user("olaf", List.of());
    private static final Authentication STARTER = StandIn.user("starter", List.of(MANAGERS));

    @TempDir
    private Path home;

    private StandIn jenkins;
    private Run<?, ?> run;
    private final FlowNode node = StepContextStandIn.node();

    @BeforeEach
    void jenkins() throws Exception {
        jenkins = new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withPlugin("pipeline-input-step")
                .withAccess((who, permission, where) ->
                        PEOPLE.getOrDefault(who.getName(), Set.of()).contains(permission));
        run = Pipelines.run("shop");
    }

    @Test
    void anLiveGateIsAnInputAtTheNodeOfItsStep() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        InputStepExecution input = onlyInput();

        assertThat(input.getContext().get(FlowNode.class)).isEqualTo(node);
        assertThat(input.getRun()).isSameAs(run);
        InputStep asked = input.getInput();
        assertThat(asked.getMessage()).isEqualTo("Go on? - https://jenkins.example.org/gate/");
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

    @Test
    void aPromotionSaysWhatGoesWhere() {
        GateSubject subject = new GateSubject.Promotion(
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
                "staging",
                "0123456789abcdef0123456789abcdef01234567",
                List.of(),
                List.of(),
                null,
                null);

        OfferedGate gate = open(subject, ONE_MANAGER);

        assertThat(new GateInput(gate).getMessage())
                .isEqualTo("Promote shop from staging to prod: api 1.0.0 -> 1.1.0 - https://jenkins.example.org/gate/");
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

    @Test
    void severalGatesOfARunAreDecidedOneByOne() throws Exception {
        OfferedGate first = open(ONE_MANAGER);
        OfferedGate second = open(ONE_MANAGER);
        InputAction action = run.getAction(InputAction.class);
        assertThat(inputs()).hasSize(2);

        proceed(MANAGER, action.getExecution("Gate-" + second.id()), Map.of());
        second.withdraw();

        assertThat(first.isOpen()).isTrue();
        assertThat(onlyInput().getId()).isEqualTo("Gate-" + first.id());
    }

    @Test
    void aGateThatIsShownAgainIsStillOneInput() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        gate.show();

        assertThat(inputs()).hasSize(1);
    }

    @Test
    void withTheLastGateTheRunHasItsOwnInputsAgain() throws Exception {
        InputAction own = new InputAction();
        own.onAttached(run);
        run.addAction(own);
        OfferedGate gate = open(ONE_MANAGER);
        assertThat(run.getActions(InputAction.class)).hasSize(1).doesNotContain(own);

        gate.withdraw();
        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).containsExactly(own);
    }

    @Test
    void aRunWithoutInputsOfItsOwnHasNoneAfterTheGate() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    /** Blue Ocean asks for the run's inputs before it looks at the pause. */
    @Test
    void aStepThatWaitsForAMachineIsPausedAndNoInput() throws Exception {
        StepPause pause = StepPause.begin(run, node);
        StepPause.begin(run, node);

        assertThat(PauseAction.isPaused(node)).isTrue();
        assertThat(node.getActions(PauseAction.class))
                .singleElement()
                .satisfies(paused -> assertThat(paused.getCause()).isEqualTo("Input"));
        assertThat(inputs()).isEmpty();

        pause.end();
        pause.end();
        assertThat(PauseAction.isPaused(node)).isFalse();
        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    @Test
    void aStepThatWaitsTwiceHasOnePauseAsLongAsBoth() throws Exception {
        StepPause.begin(run, node).end();
        PauseAction first = node.getAction(PauseAction.class);
        first.setStartTime(first.getStartTime() - Duration.ofHours(1).toMillis());

        StepPause.begin(run, node);

        assertThat(node.getActions(PauseAction.class)).hasSize(1).doesNotContain(first);
        assertThat(PauseAction.getPauseDuration(node))
                .isGreaterThanOrEqualTo(Duration.ofHours(1).toMillis());
        assertThat(PauseAction.isPaused(node)).isTrue();
    }

    @Test
    void theRunKnowsOfInputsUntilItsLastStepGoesOn() throws Exception {
        StepPause pause = StepPause.begin(run, node);
        OfferedGate gate = open(ONE_MANAGER);

        gate.withdraw();
        assertThat(run.getActions(InputAction.class)).hasSize(1);

        pause.end();
        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    @Test
    void anInputStepBesideAGateIsSettledAsEver() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        RecordedStepContext beside = new RecordedStepContext(run);
        InputStepExecution input = input("Beside", beside);
        input.start();
        assertThat(inputs()).hasSize(2);
        InputAction action = run.getAction(InputAction.class);

        try (ACLContext as = ACL.as2(CANCELLER)) {
            assertThat(action.getExecution("Beside")).as("%s", as).isSameAs(input);
            input.doProceedEmpty();
        }

        assertThat(beside.ended()).isCompleted();
        assertThat(onlyInput().getId()).isEqualTo("Gate-" + gate.id());
        gate.withdraw();
        assertThat(run.getActions(InputAction.class)).singleElement().satisfies(own -> {
            assertThat(own).isNotInstanceOf(RunInputs.class);
            assertThat(own.isWaitingForInput()).isFalse();
        });
    }

    @Test
    void anInputStepOutlivesTheGateBesideIt() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        RecordedStepContext beside = new RecordedStepContext(run);
        InputStepExecution input = input("Beside", beside);
        input.start();

        gate.withdraw();

        assertThat(onlyInput()).isSameAs(input);
    }

    @Test
    void anInputStepThatFoundTheInputsOfAGateJustWithdrawnIsStillFound() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        InputAction found = run.getAction(InputAction.class);
        gate.withdraw();
        OfferedGate next = open(ONE_MANAGER);

        InputStepExecution late = input("Late", new RecordedStepContext(run));
        found.add(late);

        assertThat(inputs()).contains(late).hasSize(2);

        next.withdraw();
        assertThat(onlyInput()).isSameAs(late);
    }

    @Test
    void whatIsSavedKnowsNothingOfGates() throws Exception {
        open(ONE_MANAGER);

        Object saved = ((RunInputs) run.getAction(InputAction.class)).writeReplace();

        assertThat(saved).hasSameClassAs(new InputAction());
        assertThat(((InputAction) saved).getExecutions()).isEmpty();
    }

    @Test
    void withoutThePluginThereIsNoInput() throws Exception {
        new StandIn().install().withRootDir(home.toFile()).withExtension(new GitOpsServices());

        OfferedGate gate = open(ONE_MANAGER);
        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    private static GateDefinition approvals(int required, String... from) {
        return new GateDefinition(
                List.of(new Approvals(required, List.of(from))),
                List.of(),
                SeparationOfDuties.STARTER_AND_AUTHORS,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                null,
                NewerRelease.QUEUES,
                List.of());
    }

    private static ImageReference image(String tag) {
        return ImageReference.parse("ghcr.io/acme/api:" + tag);
    }

    private OfferedGate open(GateDefinition definition) {
        String id = UUID.randomUUID().toString();
        return open(
                new GateSubject.Question(id, "Go on?", new Provenance(null, "starter", null, List.of())), definition);
    }

    private OfferedGate open(GateSubject subject, GateDefinition definition) {
        LiveGate opened = GitOpsServices.get()
                .gates()
                .open(subject, definition, List.of(), GateAction.of(run).store(subject.gate()));
        node.addAction(new PauseAction("Input"));
        OfferedGate offered = new OfferedGate(run, node, opened, "https://jenkins.example.org/gate/");
        offered.show();
        return offered;
    }

    /** An {@code input} step of the run. */
    private static InputStepExecution input(String id, RecordedStepContext context) throws Exception {
        InputStep step = new InputStep("Go on?");
        step.setId(id);
        return (InputStepExecution) step.start(context);
    }

    private List<InputStepExecution> inputs() throws Exception {
        return run.getAction(InputAction.class).getExecutions();
    }

    private InputStepExecution onlyInput() throws Exception {
        assertThat(inputs()).hasSize(1);
        return inputs().get(0);
    }

    /** What the pages and Blue Ocean do. */
    private static void proceed(Authentication who, InputStepExecution input, Map<String, Object> parameters)
            throws Exception {
        try (ACLContext as = ACL.as2(who)) {
            assertThat(as).isNotNull();
            input.preSubmissionCheck();
            input.proceed(parameters);
        }
    }

    private static void abort(Authentication who, InputStepExecution input) throws Exception {
        try (ACLContext as = ACL.as2(who)) {
            assertThat(as).isNotNull();
            input.doAbort();
        }
    }

    /** The checks are asked on another thread, and have to hold as well. */
    private static void awaitEnd(OfferedGate gate) {
        await().atMost(PATIENCE).until(() -> !gate.isOpen());
    }

    private void nothingHappened(OfferedGate gate) {
        assertThat(gate.isOpen()).isTrue();
        assertThat(decisions(gate)).isEmpty();
        assertThat(marks()).isEmpty();
        assertThat(PauseAction.isPaused(node)).isTrue();
    }

    private List<GateEvent> decisions(OfferedGate gate) {
        return GateAction.gate(run, gate.id()).orElseThrow().events().stream()
                .filter(GateEvent.Decided.class::isInstance)
                .toList();
    }

    /** What input leaves in a run and at a node. */
    private List<Action> marks() {
        return Stream.of(run, node)
                .flatMap(place -> place.getActions(Action.class).stream())
                .filter(action -> !(action instanceof InputAction
                        || action instanceof GateAction
                        || action instanceof PauseAction))
                .toList();
    }
}
