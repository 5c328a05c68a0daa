package io.jenkins.plugins.gitops.steps.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepContextStandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gitopsTerraformPlan} in a workspace on a stand-in for an agent. */
class TerraformPlanStepTest {

    private static final String DIGEST_OF_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    private Path workspace;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void begin() {
        new StandIn().install();
    }

    @Test
    void aPlanIsPrintedAndReturnedWithItsDigests() throws Exception {
        copy("replace");
        Files.createFile(workspace.resolve("plan.tfplan"));
        TerraformPlanStep step = new TerraformPlanStep("plan.json");
        step.setPlan("plan.tfplan");

        Map<?, ?> plan = run(step);

        assertThat(plan.get("changed")).isEqualTo(true);
        assertThat(plan.get("summary")).isEqualTo("1 to replace");
        assertThat(plan.get("replaced")).isEqualTo(List.of("aws_db_instance.shop"));
        assertThat(plan.get("added")).isEqualTo(List.of());
        assertThat(plan.get("sha256")).isEqualTo(DIGEST_OF_EMPTY);
        assertThat(plan.get("jsonSha256").toString()).matches("[0-9a-f]{64}").isNotEqualTo(DIGEST_OF_EMPTY);
        assertThat(log())
                .contains("Plan plan.json: 1 to replace.")
                .contains("  -/+ aws_db_instance.shop")
                .contains("      engine_version: \"15.4\" -> \"16.2\" (forces replacement)");
    }

    @Test
    void aPlanWithoutChangesChangesNothing() throws Exception {
        copy("empty");

        Map<?, ?> plan = run(new TerraformPlanStep("plan.json"));

        assertThat(plan.get("changed")).isEqualTo(false);
        assertThat(plan.containsKey("sha256")).isFalse();
        assertThat(log()).contains("Plan plan.json: no changes.");
    }

    @Test
    void aFileThatIsMissingOrNoPlanEndsTheStepWithOneSentence() throws Exception {
        assertThatThrownBy(() -> run(new TerraformPlanStep("plan.json")))
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage(
                        "The workspace cannot be read (there is no file 'plan.json'); check what the steps before left"
                                + " there.");
        Files.writeString(workspace.resolve("plan.json"), "Planned 1 to add");
        assertThatThrownBy(() -> run(new TerraformPlanStep("plan.json")))
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageStartingWith("plan.json is not a plan: ");
    }

    @Test
    void withoutAWorkspaceThereIsNoPlan() {
        assertThatThrownBy(() -> new TerraformPlanStep("plan.json").start(context(null)))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage(
                        "gitopsTerraformPlan requires the workspace that has the plan: call it in a stage or node with"
                                + " an agent.");
    }

    private void copy(String fixture) throws IOException {
        try (InputStream plan = TerraformPlanStepTest.class.getResourceAsStream(
                "/io/jenkins/plugins/gitops/engine/terraform/" + fixture + ".json")) {
            Files.copy(Objects.requireNonNull(plan), workspace.resolve("plan.json"));
        }
    }

    private Map<?, ?> run(TerraformPlanStep step) throws Exception {
        StepContextStandIn context = context(new FilePath(workspace.toFile()));
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }

    private StepContextStandIn context(FilePath place) throws IOException {
        PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = () -> stream;
        Run<?, ?> run = Pipelines.run("platform");
        List<Object> available = new ArrayList<>(List.of(run, run.getParent(), listener, new EnvVars()));
        available.add(StepContextStandIn.node());
        if (place != null) {
            available.add(place);
        }
        return new StepContextStandIn(available);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }
}
