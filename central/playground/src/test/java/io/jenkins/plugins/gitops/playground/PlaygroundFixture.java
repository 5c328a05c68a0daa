package io.jenkins.plugins.gitops.playground;

import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Jenkinsfile;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.Git;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A playground for a test, with a fast cluster. */
public final class PlaygroundFixture implements AutoCloseable {

    private static final long RUN_SECONDS = 60;

    private final Playground playground;

    /** How a run ended. */
    public record Ended(RunResult result, String log) {}

    public PlaygroundFixture(Path folder) throws Exception {
        playground = new Playground(new Playground.Setting(
                SourceTree.find(), folder, 0, SimulatedArgoCd.Pace.FAST, OutputStream.nullOutputStream()));
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

    public PlaygroundRun start(String example, String branch) {
        return playground
                .runs()
                .start(new Runs.Request(playground.examples().example(example), branch, "ada", Map.of()));
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
