package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepFailure;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** {@code sh}: really runs, in the workspace, echoing its commands as Jenkins does. */
final class ShellStep implements StepLibrary.Function {

    @Override
    public Object run(@NonNull StepCall call, @NonNull PipelineExecution execution) throws Exception {
        PrintStream console = execution.console();
        Process process = start(call, execution);
        try {
            // The streams are drained by other threads, so that an abort interrupts this one at once.
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> drain(process.inputReader(), call, console));
            CompletableFuture<Void> errors = CompletableFuture.runAsync(
                    () -> process.errorReader().lines().forEach(console::println));
            int status = process.waitFor();
            errors.get();
            String text = output.get();
            if (call.flag("returnStatus")) {
                return status;
            }
            if (status != 0) {
                throw new StepFailure("script returned exit code " + status);
            }
            return call.flag("returnStdout") ? text : null;
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /** Errors go between the other output, in the order in which they were written, unless that is returned. */
    private static Process start(StepCall call, PipelineExecution execution) throws IOException {
        String script = call.text("script");
        ProcessBuilder builder = script.startsWith("#!")
                ? new ProcessBuilder("/bin/sh", "-c", script)
                : new ProcessBuilder("/bin/sh", "-xec", script);
        builder.directory(execution.scope().directory().toFile());
        builder.environment().putAll(execution.environment());
        return builder.redirectErrorStream(!call.flag("returnStdout")).start();
    }

    private static String drain(BufferedReader output, StepCall call, PrintStream console) {
        if (call.flag("returnStdout")) {
            return output.lines().map(line -> line + "\n").collect(Collectors.joining());
        }
        output.lines().forEach(console::println);
        return "";
    }
}
