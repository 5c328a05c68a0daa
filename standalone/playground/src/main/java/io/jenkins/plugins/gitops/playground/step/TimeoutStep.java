package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code timeout}: interrupts its block, which aborts the run, as in Jenkins. */
final class TimeoutStep implements StepLibrary.Function {

    @Override
    public Object run(@NonNull StepCall call, @NonNull PipelineExecution execution) throws Exception {
        long time = Long.parseLong(call.text("time"));
        TimeUnit unit = TimeUnit.valueOf(String.valueOf(call.named().getOrDefault("unit", TimeUnit.MINUTES)));
        Duration limit = Duration.of(time, unit.toChronoUnit());
        execution
                .console()
                .println("Timeout set to expire in " + time + " " + unit.name().toLowerCase(java.util.Locale.ROOT));
        Thread runner = Thread.currentThread();
        AtomicBoolean expired = new AtomicBoolean();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            timer.schedule(
                    () -> {
                        expired.set(true);
                        runner.interrupt();
                    },
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
            return execution.call(call.requireBlock());
        } catch (Exception failure) {
            throw expired.get() ? new InterruptedException("Timeout has been exceeded") : failure;
        } finally {
            timer.shutdownNow();
        }
    }
}
