package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One run of a {@link Jenkinsfile}: its variables, its result, and the way from a step's name to the step. The thread
 * that calls {@link #run()} walks the stages; interrupting it aborts the run.
 */
public final class PipelineExecution {

    /**
     * What a run starts with.
     *
     * @param variables the environment, for example {@code BRANCH_NAME}; never holds a secret
     * @param parameters values given by whoever started the run, by name
     * @param workspace where the source is checked out
     * @param console the run's log
     */
    public record Start(
            @NonNull Map<String, String> variables,
            @NonNull Map<String, Object> parameters,
            @NonNull Path workspace,
            @NonNull PrintStream console) {}

    private final Jenkinsfile file;
    private final StepLibrary library;
    private final Start start;
    private final Map<String, String> globals = new ConcurrentHashMap<>();
    private final Map<String, Object> parameters = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicReference<RunResult> result = new AtomicReference<>(RunResult.SUCCESS);
    private final ThreadLocal<Scope> scope;
    private final CurrentBuild currentBuild;
    private PipelineScript script;

    public PipelineExecution(@NonNull Jenkinsfile file, @NonNull StepLibrary library, @NonNull Start start) {
        this.file = file;
        this.library = library;
        this.start = start;
        globals.putAll(start.variables());
        scope = ThreadLocal.withInitial(() -> new Scope(Map.of(), start.workspace()));
        currentBuild = new CurrentBuild(this);
    }

    /** Runs to the end; a failure is printed to the console and told by the result. */
    @NonNull
    public RunResult run() {
        try {
            script = file.compile();
            script.attach(this);
            script.run();
        } catch (Throwable failure) {
            fail(failure);
        }
        console().println("Finished: " + result());
        return result();
    }

    void pipeline(PipelineSection pipeline) {
        pipeline.ignored().forEach(section -> console().println("[playground] ignored: " + section));
        parameters.putAll(pipeline.parameters());
        parameters.putAll(start.parameters());
        new StageWalk(this).pipeline(pipeline);
    }

    /** Prints the failure and makes the result at least as bad as it. */
    void fail(Throwable failure) {
        Failures.print(failure, console());
        worsen(Failures.result(failure));
    }

    Object step(String name, Object[] arguments) {
        StepCall call = StepCall.of(name, arguments, currentLine());
        StepLibrary.Function step = library.steps().get(name);
        if (step == null) {
            throw unknownStep(call);
        }
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            console().println("[Pipeline] " + name);
            return step.run(call, this);
        } catch (Throwable failure) {
            throw Failures.rethrow(failure);
        }
    }

    private JenkinsfileException unknownStep(StepCall call) {
        String remedy = UnknownNameException.nearest(
                        call.name(), library.steps().keySet())
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "the playground runs "
                        + String.join(
                                ", ", library.steps().keySet().stream().sorted().toList())
                        + "; anything else needs Jenkins.");
        return new JenkinsfileException(call.line(), "there is no step '" + call.name() + "': " + remedy);
    }

    JenkinsfileException unknownName(String name) {
        return new JenkinsfileException(
                currentLine(), "there is no variable '" + name + "': set it in environment { } or with 'def' before.");
    }

    /** The line of the Jenkinsfile that is being executed by this thread. */
    private static int currentLine() {
        return Arrays.stream(Thread.currentThread().getStackTrace())
                .filter(frame -> Jenkinsfile.NAME.equals(frame.getFileName()) && frame.getLineNumber() > 0)
                .findFirst()
                .map(StackTraceElement::getLineNumber)
                .orElse(1);
    }

    /** Calls a block of the Jenkinsfile, its names being those of the run. */
    public Object call(@NonNull Closure<?> block) {
        block.setDelegate(script);
        block.setResolveStrategy(Closure.DELEGATE_FIRST);
        return block.call();
    }

    /** Does something in a narrower scope. */
    public <T> T within(@NonNull Scope inner, @NonNull Callable<T> action) throws Exception {
        Scope outer = scope.get();
        scope.set(inner);
        try {
            return action.call();
        } finally {
            scope.set(outer);
        }
    }

    @NonNull
    public Scope scope() {
        return scope.get();
    }

    /** The whole environment as {@code sh} sees it in this scope. */
    @NonNull
    public Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>(globals);
        parameters.forEach((name, value) -> all.put(name, String.valueOf(value)));
        all.putAll(scope().overlay());
        return all;
    }

    @NonNull
    public Optional<String> variable(@NonNull String name) {
        return Optional.ofNullable(environment().get(name));
    }

    void setVariable(String name, String value) {
        globals.put(name, value);
    }

    @NonNull
    public Map<String, Object> parameters() {
        return parameters;
    }

    @NonNull
    public PrintStream console() {
        return start.console();
    }

    @NonNull
    public RunResult result() {
        return result.get();
    }

    /** A result only gets worse. */
    public void worsen(@NonNull RunResult other) {
        result.accumulateAndGet(other, (now, then) -> now.compareTo(then) >= 0 ? now : then);
    }

    EnvironmentVariables environmentVariables() {
        return new EnvironmentVariables(this);
    }

    CurrentBuild currentBuild() {
        return currentBuild;
    }

    PipelineScript script() {
        return script;
    }
}
