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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A playground with a fast cluster: registered in a static field for all tests of a class, in another field for each of
 * them anew. What it leaves behind is deleted as far as nothing writes there any more.
 */
public final class PlaygroundFixture
        implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** What takes a second or two here takes much longer where everything else runs as well. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final AtomicInteger clones = new AtomicInteger();
    private boolean approving;
    private Lifecycle lifecycle = Lifecycle.TEST;
    private Path folder;
    private Playground playground;
    private Approver people;

    /** How a run ended. */
    public record Ended(RunResult result, String log) {}

    private enum Lifecycle {
        TEST,
        CLASS
    }

    /** Opens when JUnit says so. */
    public PlaygroundFixture() {}

    /** Opens at once, to be closed by the caller. */
    public PlaygroundFixture(Path folder) throws Exception {
        open(folder);
    }

    /** With everybody there: every gate is approved as soon as it opens. */
    public PlaygroundFixture whereEverybodyApproves() {
        approving = true;
        return this;
    }

    /** Returns when everything that Argo CD found in the repository is healthy: a promotion takes nothing else. */
    private void open(Path empty) throws Exception {
        folder = empty;
        playground = new Playground(new Playground.Setting(
                SourceTree.find(), folder, 0, SimulatedArgoCd.Pace.FAST, OutputStream.nullOutputStream()));
        people = approving ? new Approver(playground.gates()) : null;
        await("everything is healthy")
                .atMost(PATIENCE)
                .until(() -> playground.world().applications().stream()
                        .flatMap(application -> application.environments().stream())
                        .allMatch(view -> view.health().equals("Healthy")));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        lifecycle = Lifecycle.CLASS;
        open(Files.createTempDirectory("playground"));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (lifecycle == Lifecycle.TEST) {
            open(Files.createTempDirectory("playground"));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (lifecycle == Lifecycle.TEST) {
            discard();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        discard();
    }

    private void discard() throws IOException {
        close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (UncheckedIOException goneMeanwhile) {
            // somebody else deletes there, which is as well
        }
    }

    public Playground playground() {
        return playground;
    }

    /** Where everything of it is. */
    Path folder() {
        return folder;
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
        String before = repository().run("show", "main:gitops.yaml") + "\n";
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalArgumentException("the declaration stays as it is");
        }
        push(Map.of("gitops.yaml", after));
    }

    /** Somebody changes files in a clone and pushes. */
    public void push(Map<String, String> files) throws IOException {
        Path clone = folder.resolve("clone-" + clones.incrementAndGet());
        new Git(folder).run("clone", "--quiet", repository().directory().toString(), clone.toString());
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = clone.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Git work = new Git(clone);
        work.run("add", "--all");
        work.run("commit", "--quiet", "--message=Change " + String.join(", ", files.keySet()));
        work.run("push", "--quiet", "origin", "HEAD:refs/heads/main");
    }

    /** To make syncs and rollouts fail, or take their time. */
    public SimulatedArgoCd cluster() {
        return playground.world().cluster().simulation();
    }

    /** Waits until Argo CD says so of a target. */
    public void awaitHealth(String target, String health) {
        await(target + " is " + health)
                .atMost(PATIENCE)
                .until(() -> playground.world().applications().stream()
                        .flatMap(application -> application.environments().stream())
                        .anyMatch(view ->
                                view.target().equals(target) && view.health().equals(health)));
    }

    /** The gate of that target, once some run has opened it. */
    public JsonNode openGate(String target) {
        return await("the gate of " + target)
                .atMost(PATIENCE)
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
        try {
            RunResult result = run.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new Ended(result, run.log().text());
        } catch (TimeoutException stillRunning) {
            throw new AssertionError(
                    "The run did not end within " + PATIENCE + ":\n" + run.log().text(), stillRunning);
        }
    }

    @Override
    public void close() throws IOException {
        if (people != null) {
            people.close();
        }
        if (playground != null) {
            playground.close();
        }
    }
}
