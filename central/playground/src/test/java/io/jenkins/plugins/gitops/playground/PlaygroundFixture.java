package io.jenkins.plugins.gitops.playground;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Jenkinsfile;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.Git;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A playground for a test, with a fast cluster. */
public final class PlaygroundFixture implements AutoCloseable {

    private static final long RUN_SECONDS = 60;

    private final Playground playground;
    private final Path folder;
    private final AtomicInteger clones = new AtomicInteger();

    /** How a run ended. */
    public record Ended(RunResult result, String log) {}

    public PlaygroundFixture(Path folder) throws Exception {
        this(folder, SimulatedArgoCd.Pace.FAST);
    }

    public PlaygroundFixture(Path folder, SimulatedArgoCd.Pace pace) throws Exception {
        this.folder = folder;
        playground = new Playground(
                new Playground.Setting(SourceTree.find(), folder, 0, pace, OutputStream.nullOutputStream()));
    }

    public Playground playground() {
        return playground;
    }

    /** The bare config repository, read with the git command line. */
    public Git repository() {
        return playground.world().repository();
    }

    /** How many commits the config repository has. */
    public int commits() {
        return Integer.parseInt(repository().run("rev-list", "--count", "main"));
    }

    /** Somebody changes the declaration in a clone and pushes. */
    public void declare(UnaryOperator<String> change) throws IOException {
        Path clone = folder.resolve("clone-" + clones.incrementAndGet());
        new Git(folder).run("clone", "--quiet", repository().directory().toString(), clone.toString());
        Path declaration = clone.resolve("gitops.yaml");
        String before = Files.readString(declaration);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalArgumentException("the declaration stays as it is");
        }
        Files.writeString(declaration, after);
        Git work = new Git(clone);
        work.run("commit", "--quiet", "--all", "--message=Change the declaration");
        work.run("push", "--quiet", "origin", "main");
    }

    /** Waits until Argo CD says so of a target. */
    public void awaitHealth(String target, String health) {
        await(target + " is " + health)
                .atMost(RUN_SECONDS, TimeUnit.SECONDS)
                .until(() -> playground.world().applications().stream()
                        .flatMap(application -> application.environments().stream())
                        .anyMatch(view ->
                                view.target().equals(target) && view.health().equals(health)));
    }

    /** The gate of that target, once some run has opened it. */
    public JsonNode openGate(String target) {
        return await("the gate of " + target)
                .atMost(RUN_SECONDS, TimeUnit.SECONDS)
                .until(() -> gate(target), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<JsonNode> gate(String target) throws Exception {
        return playground.gates().seenBy("ada").stream()
                .filter(gate -> gate.path("target").asText().equals(target))
                .filter(gate -> gate.path("status").asText().equals("OPEN"))
                .findFirst();
    }

    /** Decides about a gate, and gives the answer's status and body as one line. */
    public String decide(JsonNode gate, String verb, String user, Map<String, String> parameters) throws Exception {
        Answer answer = playground.gates().decide(gate, verb, user, parameters);
        return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    public PlaygroundRun start(String example, String branch) {
        return start(example, branch, Map.of());
    }

    public PlaygroundRun start(String example, String branch, Map<String, Object> parameters) {
        return playground
                .runs()
                .start(new Runs.Request(playground.examples().example(example), branch, "ada", parameters));
    }

    /** Runs steps to their end, in a Declarative Pipeline around them. */
    public Ended runSteps(String steps) throws Exception {
        return end(startSteps(steps));
    }

    public PlaygroundRun startSteps(String steps) {
        Jenkinsfile file =
                new Jenkinsfile("pipeline { agent any; stages { stage('Steps') { steps {\n" + steps + "\n} } } }");
        return playground
                .runs()
                .start(new Runs.Request(
                        new Examples.Example("steps", "", List.of("main"), file), "main", "ada", Map.of()));
    }

    public static Ended end(PlaygroundRun run) throws Exception {
        RunResult result = run.ended().get(RUN_SECONDS, TimeUnit.SECONDS);
        return new Ended(result, run.log().text());
    }

    @Override
    public void close() throws IOException {
        playground.close();
    }
}
