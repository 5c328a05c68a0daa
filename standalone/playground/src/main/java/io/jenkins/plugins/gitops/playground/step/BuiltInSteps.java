package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepFailure;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import java.util.LinkedHashMap;
import java.util.Map;

/** The few steps of Jenkins itself that the examples need, made as far as the examples need them. */
public final class BuiltInSteps implements StepLibrary {

    @Override
    @NonNull
    public Map<String, Function> steps() {
        return Map.ofEntries(
                Map.entry("sh", new ShellStep()),
                Map.entry("timeout", new TimeoutStep()),
                Map.entry("echo", BuiltInSteps::echo),
                Map.entry("error", BuiltInSteps::error),
                Map.entry("unstable", BuiltInSteps::unstable),
                Map.entry("script", BuiltInSteps::block),
                Map.entry("retry", BuiltInSteps::retry),
                Map.entry("withEnv", BuiltInSteps::withEnvironment),
                Map.entry("dir", BuiltInSteps::directory),
                Map.entry("checkout", BuiltInSteps::checkout));
    }

    private static Object echo(StepCall call, PipelineExecution execution) {
        execution.console().println(call.text("message"));
        return null;
    }

    private static Object error(StepCall call, PipelineExecution execution) throws StepFailure {
        throw new StepFailure(call.text("message"));
    }

    private static Object unstable(StepCall call, PipelineExecution execution) {
        execution.console().println("WARNING: " + call.text("message"));
        execution.worsen(RunResult.UNSTABLE);
        return null;
    }

    private static Object block(StepCall call, PipelineExecution execution) {
        return execution.call(call.requireBlock());
    }

    private static Object retry(StepCall call, PipelineExecution execution) throws Exception {
        int attempts = Integer.parseInt(call.text("count"));
        for (int attempt = 1; ; attempt++) {
            try {
                return execution.call(call.requireBlock());
            } catch (Exception failure) {
                if (attempt >= attempts || failure instanceof InterruptedException) {
                    throw failure;
                }
                execution.console().println("ERROR: " + failure.getMessage());
                execution.console().println("Retrying");
            }
        }
    }

    private static Object withEnvironment(StepCall call, PipelineExecution execution) throws Exception {
        Map<String, String> variables = new LinkedHashMap<>();
        if (!(call.argument("overrides").orElse(null) instanceof Iterable<?> overrides)) {
            throw call.refusal("needs a list: write withEnv(['NAME=value']) { … }.");
        }
        for (Object override : overrides) {
            String[] pair = String.valueOf(override).split("=", 2);
            if (pair.length < 2) {
                throw call.refusal("cannot read '" + override + "': write 'NAME=value'.");
            }
            variables.put(pair[0], pair[1]);
        }
        return execution.within(execution.scope().with(variables), () -> execution.call(call.requireBlock()));
    }

    private static Object directory(StepCall call, PipelineExecution execution) throws Exception {
        return execution.within(
                execution.scope().in(execution.scope().directory().resolve(call.text("path"))),
                () -> execution.call(call.requireBlock()));
    }

    private static Object checkout(StepCall call, PipelineExecution execution) {
        execution.console().println("[playground] the source is in the workspace already");
        return null;
    }
}
