package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that end without a word from the step that waits at their gate: killed, deleted, or not resumed. */
class RunEndsTest {

    private static final GateDefinition ONE_APPROVAL = queued(new Approvals(1, List.of()));
    private static final GateDefinition ITS_TURN = queued();

    @TempDir
    private Path home;

    private ARun first;
    private ARun second;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withAccess((who, permission, where) -> true);
        first = new ARun(new AJob(Jenkins.get(), "first"));
        second = new ARun(new AJob(Jenkins.get(), "second"));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of("its run ended", (BiConsumer<GateAction.Ends, Run<?, ?>>) GateAction.Ends::onFinalized),
                Arguments.of(
                        "its run was deleted", (BiConsumer<GateAction.Ends, Run<?, ?>>) GateAction.Ends::onDeleted));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void theGateOfARunThatIsGoneClosesAndMakesWay(String reason, BiConsumer<GateAction.Ends, Run<?, ?>> end) {
        open(first, ONE_APPROVAL);
        LiveGate waiting = open(second, ITS_TURN);
        await().until(() -> waiting.explain().contains("another promotion of shop/prod came first"));

        end.accept(new GateAction.Ends(), first);

        assertThat(view(first).status()).isEqualTo(GateStatus.CLOSED);
        assertThat(view(first).explanation()).endsWith("(" + reason + ").");
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void untilARunHasResumedItsPageSaysSoAndTakesNoDecision() {
        LiveGate gate = open(first, ONE_APPROVAL);

        StandIn.current().withExtension(new GitOpsServices());

        assertThat(view(first).status()).isEqualTo(GateStatus.OPEN);
        assertThat(view(first).explanation())
                .startsWith("The gate for shop/prod is open, but has not resumed yet after a restart of Jenkins.");
        assertThat(approve(first, gate)).isEqualTo(409);
        assertThat(view(first).approvals()).isEmpty();
    }

    @Test
    void aRunThatCannotResumeHasAClosedGateAndNoBadge() {
        LiveGate gate = open(first, ONE_APPROVAL);
        assertThat(first.getAction(GateAction.class).getBadge()).isNotNull();

        StandIn.current().withExtension(new GitOpsServices());
        first.building = false;

        assertThat(view(first).status()).isEqualTo(GateStatus.CLOSED);
        assertThat(view(first).explanation()).endsWith("(its run ended).");
        assertThat(first.getAction(GateAction.class).getBadge()).isNull();
        assertThat(approve(first, gate)).isEqualTo(409);
        open(second, ITS_TURN);
        await().atMost(Duration.ofSeconds(60)).until(() -> view(second).status() == GateStatus.APPROVED);
    }

    static LiveGate open(Run<?, ?> run, GateDefinition definition) {
        String id = "gate-" + run.getParent().getFullName();
        GateSubject subject = new GateSubject.Promotion(
                id,
                "https://git.example.org/config.git",
                "main",
                "shop",
                "prod",
                "main",
                Map.of(),
                List.of(),
                List.of(),
                "staging",
                "0123456789abcdef0123456789abcdef01234567",
                List.of(),
                List.of(),
                null,
                null);
        return GitOpsServices.get()
                .gates()
                .open(subject, definition, List.of(), GateAction.of(run).store(id));
    }

    static GateDefinition queued(Approvals... approvals) {
        return new GateDefinition(
                List.of(approvals),
                List.of(),
                SeparationOfDuties.NONE,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                null,
                NewerRelease.QUEUES,
                List.of());
    }

    private static GateView view(Run<?, ?> run) {
        return GateAction.of(run).views().get(0);
    }

    static int approve(Run<?, ?> run, LiveGate gate) {
        try (ACLContext as = ACL.as2(StandIn.user("mary", List.of()))) {
            assertThat(as).isNotNull();
            return GateAccessTest.status(GateAction.of(run).getV1().doApprove(gate.id(), "click", ""));
        }
    }

    static final class AJob extends Job<AJob, ARun> {

        AJob(ItemGroup<?> place, String name) {
            super(place, name);
        }
    }

    static final class ARun extends Run<AJob, ARun> {

        boolean building = true;

        ARun(AJob job) throws IOException {
            super(job);
            number = 1;
        }

        @Override
        public boolean isBuilding() {
            return building;
        }
    }
}
