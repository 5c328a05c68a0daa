package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application with infrastructure alone goes back to what an earlier plan was made of. */
class InfrastructureRollbackTest {

    private static final Identity JENKINS = new Identity("Jenkins", "jenkins@example.org");
    private static final String MAIN = "terraform/prod/main.tf";
    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              prod: { manifests: k8s/api.yaml }
          platform:
            environments:
              prod: { terraform: terraform/prod }
        """;

    private Instant now = Instant.parse("2026-03-02T08:00:00Z");
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final Ledgers ledgers = new Ledgers();
    private int serial;

    @BeforeEach
    void begin() {
        repository.push("main", "Begin", Map.of("gitops.yaml", DECLARATION, "k8s/api.yaml", "a: 1\n"));
    }

    @Test
    void theFolderGoesBackAndWhatIsElsewhereStays() {
        String good = applied(MAIN, "nodes = 2\n");
        String bad =
                applied(MAIN, "nodes = 9\n", "terraform/prod/db.tf", "size = 1\n", "terraform/staging/a.tf", "b\n");

        InfrastructureRollback.Reverted reverted = rollBack(RollbackTo.previousHealthy());

        assertThat(repository.text("main", MAIN)).isEqualTo("nodes = 2\n");
        assertThat(repository.modes("main")).doesNotContainKey("terraform/prod/db.tf");
        assertThat(repository.text("main", "terraform/staging/a.tf")).isEqualTo("b\n");
        assertThat(reverted.bad()).isEqualTo(bad);
        assertThat(reverted.good()).isEqualTo(good);
        assertThat(reverted.files()).containsExactlyInAnyOrder(MAIN, "terraform/prod/db.tf");
        CommitInfo commit = last();
        assertThat(commit.message())
                .isEqualTo("platform: roll back the infrastructure of prod to " + good.substring(0, 7));
        Trailers trailers = new Trailers(commit.trailers());
        assertThat(trailers.value(Trailers.ROLLS_BACK)).contains(bad);
        assertThat(trailers.value(Trailers.ROLLBACK_TO)).contains(good);
        assertThat(trailers.value(Trailers.REASON)).contains("the nodes are too many");
    }

    @Test
    void whatSomebodyHasChangedSinceInOtherPlacesStays() {
        applied(MAIN, "nodes = 2\n\n\n\n\nzone = a\n", "terraform/prod/gone.tf", "x\n");
        push(Map.of("terraform/prod/gone.tf", new byte[0]), Map.of("terraform/prod/gone.tf", CommitRequest.GONE));
        applied(MAIN, "nodes = 9\n\n\n\n\nzone = a\n");
        repository.push(
                "main", "Go on", Map.of(MAIN, "nodes = 9\n\n\n\n\nzone = b\n", "terraform/prod/new.tf", "more\n"));

        rollBack(RollbackTo.previousHealthy());

        assertThat(repository.text("main", MAIN)).isEqualTo("nodes = 2\n\n\n\n\nzone = b\n");
        assertThat(repository.text("main", "terraform/prod/gone.tf"))
                .as("comes back")
                .isEqualTo("x\n");
        assertThat(repository.text("main", "terraform/prod/new.tf")).isEqualTo("more\n");
    }

    @Test
    void aConflictIsRefusedWithTheNamesOfItsFiles() {
        String good = applied(MAIN, "nodes = 2\n", "terraform/prod/db.tf", "size = 1\n");
        String bad = applied(MAIN, "nodes = 9\n", "terraform/prod/db.tf", "size = 9\n");
        String tip = repository.push("main", "Go on", Map.of(MAIN, "nodes = 5\n"));

        assertThatThrownBy(() -> rollBack(RollbackTo.previousHealthy()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("platform/prod cannot be rolled back to " + good.substring(0, 7) + ": " + MAIN
                        + " changed in the same places since " + bad.substring(0, 7)
                        + "; revert them by hand, and plan again.");
        assertThat(last().commit()).isEqualTo(tip);
    }

    @Test
    void modesGoBackAndWhatIsNoTextOrALinkIsNotMerged() {
        byte[] script = "echo\n".getBytes(StandardCharsets.UTF_8);
        String run = "terraform/prod/run.sh";
        record(push(Map.of(run, script), Map.of(run, 0100755)), Outcome.APPLIED);
        record(push(Map.of(run, script), Map.of(run, 0100644)), Outcome.APPLIED);

        rollBack(RollbackTo.previousHealthy());

        assertThat(repository.modes("main")).containsEntry(run, 0100755);
        String good = record(push(Map.of(run, new byte[] {0, 1}), Map.of()), Outcome.APPLIED);
        record(push(Map.of(run, new byte[] {0, 2}, MAIN, script), Map.of(MAIN, 0120000)), Outcome.APPLIED);
        push(Map.of(run, new byte[] {0, 3}), Map.of());
        assertThatThrownBy(() -> rollBack(RollbackTo.commit(good)))
                .hasMessageContaining(": " + MAIN + ", " + run + " changed in the same places");
    }

    @Test
    void aSecondRollbackGoesFurtherBackAndNotForth() {
        applied(MAIN, "nodes = 1\n");
        applied(MAIN, "nodes = 2\n");
        applied(MAIN, "nodes = 3\n");
        record(rollBack(RollbackTo.previousHealthy()).outcome().commit(), Outcome.APPLIED);
        assertThat(repository.text("main", MAIN)).isEqualTo("nodes = 2\n");

        rollBack(RollbackTo.previousHealthy());

        assertThat(repository.text("main", MAIN)).isEqualTo("nodes = 1\n");
    }

    @Test
    void aPlanThatFailedIsWhatGoesBack() {
        String good = applied(MAIN, "nodes = 2\n");
        record(repository.push("main", "Change", Map.of(MAIN, "nodes = 9\n")), Outcome.FAILED);

        assertThat(rollBack(RollbackTo.previousHealthy()).good()).isEqualTo(good);
        assertThat(repository.text("main", MAIN)).isEqualTo("nodes = 2\n");
    }

    @Test
    void goesBackToACommitARunOrATime() {
        String first = applied(MAIN, "nodes = 1\n");
        Instant noon = now = now.plus(Duration.ofHours(4));
        applied(MAIN, "nodes = 2\n");
        applied(MAIN, "nodes = 3\n");

        assertThat(rollBack(RollbackTo.commit(first.substring(0, 10))).good()).isEqualTo(first);
        assertThat(rollBack(RollbackTo.run("1")).good()).isEqualTo(first);
        assertThat(rollBack(RollbackTo.before(noon)).good()).isEqualTo(first);
    }

    @Test
    void theSameRequestRevertsOnceAlthoughItIsAskedAgain() {
        applied(MAIN, "nodes = 1\n");
        applied(MAIN, "nodes = 2\n");
        Rollback.Request request = request(RollbackTo.previousHealthy());

        String commit = run(request).outcome().commit();
        int commits = repository.log("main").size();

        assertThat(run(request).outcome().commit()).isEqualTo(commit);
        assertThat(repository.log("main")).hasSize(commits);
    }

    @Test
    void anotherRequestBeforeTheNextPlanHasNothingToChange() {
        applied(MAIN, "nodes = 1\n");
        applied(MAIN, "nodes = 2\n");
        rollBack(RollbackTo.previousHealthy());
        int commits = repository.log("main").size();

        assertThat(rollBack(RollbackTo.previousHealthy()).isUnchanged()).isTrue();
        assertThat(repository.log("main")).hasSize(commits);
    }

    @Test
    void whatIsNotKnownOrNotOfTheFolderIsRefused() {
        assertThatThrownBy(() -> rollBack(RollbackTo.previousHealthy()))
                .hasMessageStartingWith(
                        "The deployment history does not say which commit the last plan of platform/prod was made of");
        applied(MAIN, "nodes = 1\n");
        assertThatThrownBy(() -> rollBack(RollbackTo.previousHealthy()))
                .hasMessageStartingWith("No earlier plan of platform/prod is known to be applied: name a commit");
        String other = repository.push("main", "Elsewhere", Map.of("README.md", "x\n"));
        assertThatThrownBy(() -> rollBack(RollbackTo.commit(other)))
                .hasMessageStartingWith("The folder of platform/prod is the same at " + other.substring(0, 7));
    }

    @Test
    void whatAnEnvironmentIsDeployedFromDoesNotGoBackWithIt() {
        repository.push(
                "main",
                "Declare",
                Map.of("gitops.yaml", DECLARATION.replace("terraform: terraform/prod", "terraform: .")));
        applied("k8s/api.yaml", "a: 2\n");
        applied("k8s/api.yaml", "a: 3\n");

        assertThatThrownBy(() -> rollBack(RollbackTo.previousHealthy()))
                .hasMessageStartingWith(
                        "The file k8s/api.yaml would go back with the infrastructure, and is not part of" + " it");
    }

    private String applied(String... files) {
        Map<String, String> changes = new TreeMap<>();
        for (int i = 0; i < files.length; i += 2) {
            changes.put(files[i], files[i + 1]);
        }
        String commit = repository.push("main", "Change", changes);
        record(commit, Outcome.APPLIED);
        return commit;
    }

    private String push(Map<String, byte[]> contents, Map<String, Integer> modes) {
        return repository.push("main", "Change", contents, modes);
    }

    private String record(String source, Outcome outcome) {
        serial++;
        new DeploymentNotes(repository, JENKINS)
                .infrastructure(
                        "platform",
                        "prod",
                        source,
                        "plan-" + serial,
                        now,
                        outcome,
                        Trailers.NONE
                                .with(InfrastructureChange.PLAN, "sha256:" + serial)
                                .with(Trailers.SOURCE_COMMIT, source)
                                .with(Trailers.RUN, "https://ci.example.org/job/platform/" + serial),
                        Progress.SILENT);
        now = now.plusSeconds(60);
        return source;
    }

    private InfrastructureRollback.Reverted rollBack(RollbackTo to) {
        return run(request(to));
    }

    private InfrastructureRollback.Reverted run(Rollback.Request request) {
        return new InfrastructureRollback(repository, ledgers, new Stops(() -> now)).run(request, Progress.SILENT);
    }

    private Rollback.Request request(RollbackTo to) {
        return new Rollback.Request(
                "rollback-" + ++serial,
                "main",
                "platform",
                "prod",
                to,
                Optional.empty(),
                "the nodes are too many",
                now,
                Provenance.UNKNOWN,
                JENKINS);
    }

    private CommitInfo last() {
        List<CommitInfo> log = repository.log("main");
        return log.get(log.size() - 1);
    }
}
