package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Action;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.pages.gate.RunEndsTest.AJob;
import io.jenkins.plugins.gitops.pages.gate.RunEndsTest.ARun;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's directory keeps of its gates, whatever becomes of its build.xml. */
class RunGatesTest {

    private static final GateDefinition TWO_APPROVALS = RunEndsTest.queued(new Approvals(2, List.of()));

    @TempDir
    private Path home;

    private final GateAction.Restored restored = new GateAction.Restored();
    private AJob job;
    private ARun run;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withAccess((who, permission, where) -> true);
        job = new AJob(Jenkins.get(), "shop");
        run = new ARun(job);
    }

    /** The run as Jenkins loads it after it was saved without the plugin, which fails it. */
    private ARun savedWithoutThePlugin() throws Exception {
        StandIn.current().withExtension(new GitOpsServices());
        ARun loaded = new ARun(job);
        loaded.building = false;
        return loaded;
    }

    @Test
    void aRunThatWasSavedWhileThePluginWasDisabledShowsItsGateClosedWithItsApprovals() throws Exception {
        LiveGate gate = RunEndsTest.open(run, TWO_APPROVALS);
        assertThat(RunEndsTest.approve(run, gate)).isEqualTo(200);

        ARun loaded = savedWithoutThePlugin();
        GateAction shown = only(restored.createFor(loaded));

        GateView view = shown.getRecords().views().get(0);
        assertThat(view.status()).isEqualTo(GateStatus.CLOSED);
        assertThat(view.explanation()).endsWith("(its run ended).");
        assertThat(view.approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
        assertThat(shown.getBadge()).isNull();
        assertThat(shown.getProblem()).isNull();
        assertThat(RunEndsTest.approve(loaded, gate)).isEqualTo(409);
    }

    @Test
    void theActionIsGivenBackOnce() throws Exception {
        LiveGate gate = RunEndsTest.open(run, TWO_APPROVALS);
        ARun loaded = savedWithoutThePlugin();
        GateAction shown = only(restored.createFor(loaded));

        assertThat(loaded.getAction(GateAction.class))
                .as("before anybody looks at its gates")
                .isNull();
        assertThat(GateAction.gate(loaded, gate.id())).isPresent();

        assertThat(restored.createFor(loaded)).isEmpty();
        assertThat(loaded.getActions(GateAction.class)).hasSize(1);
        assertThat(shown.getRecords()).isSameAs(GateAction.of(loaded));
    }

    @Test
    void theDiskIsAskedOnceForARunWithoutGates() throws Exception {
        assertThat(restored.createFor(run)).isEmpty();

        Files.writeString(file(), "{}");

        assertThat(restored.createFor(run)).isEmpty();
        assertThat(restored.createFor(new ARun(job))).hasSize(1);
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndSetAsideByTheNextGate() throws Exception {
        Files.writeString(file(), "{\"gate-shop\":null");

        assertThat(GateAction.of(run).views()).isEmpty();
        assertThat(run.getAction(GateAction.class).getProblem())
                .isEqualTo(
                        "The earlier gates of this run are not shown: %s cannot be read. See the Jenkins log for the cause and restore the file from a backup.",
                        file());

        LiveGate gate = RunEndsTest.open(run, TWO_APPROVALS);
        assertThat(RunEndsTest.approve(run, gate)).isEqualTo(200);

        assertThat(file().resolveSibling("gitops-gates.json.unreadable")).hasContent("{\"gate-shop\":null");
        ARun loaded = savedWithoutThePlugin();
        assertThat(GateAction.of(loaded).views().get(0).approvals()).hasSize(1);
        assertThat(loaded.getAction(GateAction.class).getProblem()).isNull();
    }

    @Test
    void aFileOfAnySizeIsNotRead() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.setLength(1L << 32);
        }

        assertThat(GateAction.of(run).views()).isEmpty();
        assertThat(run.getAction(GateAction.class).getProblem()).contains("cannot be read");
    }

    @Test
    void whatBuildXmlOfAnEarlierVersionHasMovesToTheFile() throws Exception {
        LiveGate gate = RunEndsTest.open(run, TWO_APPROVALS);
        StoredGate stored = new StoredGate(
                gate.id(), GateAction.of(run).find(gate.id()).orElseThrow().kept());
        Files.delete(file());
        GateAction earlier = new GateAction();
        gatesInBuildXml().set(earlier, new ArrayList<>(List.of(stored)));
        ARun loaded = new ARun(job);
        loaded.addAction(earlier);
        earlier.onLoad(loaded);

        assertThat(GateAction.of(loaded).views()).extracting(GateView::id).containsExactly(gate.id());

        assertThat(file()).exists();
        assertThat(gatesInBuildXml().get(earlier)).isNull();
        assertThat(GateAction.of(new ARun(job)).views()).hasSize(1);
    }

    private static Field gatesInBuildXml() throws Exception {
        Field gates = GateAction.class.getDeclaredField("gates");
        gates.setAccessible(true);
        return gates;
    }

    @Test
    void theEndOfAGateDoesNotMakeTheDirectoryOfADeletedRunAgain() throws Exception {
        RunEndsTest.open(run, TWO_APPROVALS);
        Files.move(file().getParent(), file().getParent().resolveSibling(".1"));

        new GateAction.Ends().onDeleted(run);

        assertThat(file().getParent()).doesNotExist();
        assertThat(GitOpsServices.get().gates().find("gate-shop")).isEmpty();
    }

    private Path file() {
        return run.getRootDir().toPath().resolve(RunGates.FILE);
    }

    private static GateAction only(Collection<? extends Action> actions) {
        assertThat(actions).hasSize(1);
        return (GateAction) actions.iterator().next();
    }
}
