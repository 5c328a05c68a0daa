package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import io.jenkins.plugins.gitops.playground.sample.SourceCode;
import io.jenkins.plugins.gitops.playground.step.BuiltInSteps;
import io.jenkins.plugins.gitops.playground.step.PluginSteps;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Starts runs of examples and remembers them. */
public final class Runs {

    /**
     * What somebody starts.
     *
     * @param user who starts it
     * @param parameters values of the Jenkinsfile's parameters that differ from the default
     */
    public record Request(
            @NonNull Examples.Example example,
            @NonNull String branch,
            @NonNull String user,
            @NonNull Map<String, Object> parameters) {}

    private final StandIn jenkins;
    private final SourceCode source;
    private final Path workspaces;
    private final Path tools;
    private final OutputStream echo;
    private final Map<String, PlaygroundJob> jobs = new ConcurrentHashMap<>();
    private final List<PlaygroundRun> runs = new CopyOnWriteArrayList<>();

    /**
     * @param workspaces where each run gets a folder
     * @param tools programs that the runs find first, for example the stand-in for docker
     * @param echo where the runs' logs go as well
     */
    public Runs(
            @NonNull StandIn jenkins,
            @NonNull SourceCode source,
            @NonNull Path workspaces,
            @NonNull Path tools,
            @NonNull OutputStream echo) {
        this.jenkins = jenkins;
        this.source = source;
        this.workspaces = workspaces;
        this.tools = tools;
        this.echo = echo;
    }

    @NonNull
    public PlaygroundRun start(@NonNull Request request) {
        PlaygroundRun run = register(request);
        Path workspace = workspaces.resolve(run.getParent().getName() + "-" + run.getNumber());
        String commit = source.checkout(request.branch(), run.getFullDisplayName(), workspace);
        Map<String, String> variables = variables(run, request, commit, workspace);
        run.start(variables, () -> {
            RunResult result = RunResult.FAILURE;
            try {
                result = new PipelineExecution(
                                request.example().file(),
                                steps(run),
                                new PipelineExecution.Start(
                                        variables,
                                        request.parameters(),
                                        workspace,
                                        run.log().console()))
                        .run();
            } finally {
                run.end(result);
            }
        });
        return run;
    }

    /** Pushes a file to the application's own repository, for the next run of the branch to check out. */
    public void push(@NonNull String branch, @NonNull String file, @NonNull String content) {
        source.push(branch, file, content);
    }

    /** Newest last. */
    @NonNull
    public List<PlaygroundRun> all() {
        return runs;
    }

    /** @param id as {@code getExternalizableId} gives it */
    @NonNull
    public Optional<PlaygroundRun> run(@NonNull String id) {
        return runs.stream().filter(run -> run.getExternalizableId().equals(id)).findFirst();
    }

    /** Discards a run, as Jenkins does with old builds. */
    public void forget(@NonNull PlaygroundRun run) {
        runs.remove(run);
        run.getParent().remove(run);
        jenkins.withoutRun(run);
    }

    private PlaygroundRun register(Request request) {
        try {
            PlaygroundJob job = jobs.computeIfAbsent(request.example().name(), PlaygroundJob::new);
            PlaygroundRun run = new PlaygroundRun(job, request.branch(), request.user(), new RunLog(echo));
            job.add(run);
            jenkins.withItem(job).withRun(run);
            runs.add(run);
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StepLibrary steps(PlaygroundRun run) {
        Map<String, StepLibrary.Function> steps = new HashMap<>(new BuiltInSteps().steps());
        steps.putAll(new PluginSteps(run).steps());
        return () -> steps;
    }

    private Map<String, String> variables(PlaygroundRun run, Request request, String commit, Path workspace) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "JOB_NAME", run.getParent().getName(),
                "BUILD_NUMBER", String.valueOf(run.getNumber()),
                "BUILD_URL", jenkins.rootUrl() + run.getUrl(),
                "BRANCH_NAME", request.branch(),
                "GIT_BRANCH", request.branch(),
                "GIT_COMMIT", commit,
                "WORKSPACE", workspace.toString(),
                "PATH", tools + java.io.File.pathSeparator + System.getenv("PATH")));
        if (SourceCode.isTag(request.branch())) {
            variables.put("TAG_NAME", request.branch());
        }
        return variables;
    }
}
