package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Action;
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
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
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
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.Authentication;

/** A run in a Jenkins with pipeline-input-step, gates that it waits at, and people who may do more or less there. */
abstract class GateInputFixture {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String MANAGERS = "release-managers";
    static final GateDefinition ONE_MANAGER = approvals(1, MANAGERS);

    static final Set<Permission> READING = Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW);
    static final Set<Permission> APPROVING =
            Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW, GitOpsPermissions.APPROVE);
    static final Map<String, Set<Permission>> PEOPLE = Map.of(
            "rita", READING,
            "carl", Set.of(Jenkins.READ, Item.READ, GitOpsPermissions.VIEW, Item.BUILD, Item.CANCEL),
            "mary", APPROVING,
            "mona", APPROVING,
            "olaf", APPROVING,
            "starter", APPROVING);
    static final Authentication READER = StandIn.user("rita", List.of(MANAGERS));
    static final Authentication CANCELLER = StandIn.user("carl", List.of());
    static final Authentication MANAGER = StandIn.user("mary", List.of(MANAGERS));
    static final Authentication MANAGER_TOO = StandIn.user("mona", List.of(MANAGERS));
    static final Authentication OUTSIDER = StandIn.user("olaf", List.of());
    static final Authentication STARTER = StandIn.user("starter", List.of(MANAGERS));

    @TempDir
    Path home;

    StandIn jenkins;
    Run<?, ?> run;
    final FlowNode node = StepContextStandIn.node();

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

    static GateDefinition approvals(int required, String... from) {
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

    OfferedGate open(GateDefinition definition) {
        String id = UUID.randomUUID().toString();
        return open(
                new GateSubject.Question(id, "Go on?", new Provenance(null, "starter", null, List.of())), definition);
    }

    OfferedGate open(GateSubject subject, GateDefinition definition) {
        LiveGate opened = GitOpsServices.get()
                .gates()
                .open(subject, definition, List.of(), GateAction.of(run).store(subject.gate()));
        node.addAction(new PauseAction("Input"));
        OfferedGate offered = new OfferedGate(run, node, opened, "https://jenkins.example.org/gate/");
        offered.show();
        return offered;
    }

    List<InputStepExecution> inputs() throws Exception {
        return run.getAction(InputAction.class).getExecutions();
    }

    InputStepExecution onlyInput() throws Exception {
        assertThat(inputs()).hasSize(1);
        return inputs().get(0);
    }

    /** What the pages and Blue Ocean do. */
    static void proceed(Authentication who, InputStepExecution input, Map<String, Object> parameters) throws Exception {
        try (ACLContext as = ACL.as2(who)) {
            assertThat(as).isNotNull();
            input.preSubmissionCheck();
            input.proceed(parameters);
        }
    }

    static void abort(Authentication who, InputStepExecution input) throws Exception {
        try (ACLContext as = ACL.as2(who)) {
            assertThat(as).isNotNull();
            input.doAbort();
        }
    }

    /** The checks are asked on another thread, and have to hold as well. */
    static void awaitEnd(OfferedGate gate) {
        await().atMost(PATIENCE).until(() -> !gate.isOpen());
    }

    void nothingHappened(OfferedGate gate) {
        assertThat(gate.isOpen()).isTrue();
        assertThat(decisions(gate)).isEmpty();
        assertThat(marks()).isEmpty();
        assertThat(PauseAction.isPaused(node)).isTrue();
    }

    List<GateEvent> decisions(OfferedGate gate) {
        return GateAction.gate(run, gate.id()).orElseThrow().events().stream()
                .filter(GateEvent.Decided.class::isInstance)
                .toList();
    }

    /** What input leaves in a run and at a node. */
    List<Action> marks() {
        return Stream.of(run, node)
                .flatMap(place -> place.getActions(Action.class).stream())
                .filter(action -> !(action instanceof InputAction
                        || action instanceof GateAction
                        || action instanceof PauseAction))
                .toList();
    }
}
