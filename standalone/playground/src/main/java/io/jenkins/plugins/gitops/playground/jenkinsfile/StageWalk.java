package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Walks the stages of a run in order, skips what does not apply, and runs the post blocks. */
final class StageWalk {

    private final PipelineExecution execution;

    StageWalk(PipelineExecution execution) {
        this.execution = execution;
    }

    void pipeline(PipelineSection pipeline) {
        try {
            inEnvironment(pipeline.environment(), () -> {
                try {
                    sequential(pipeline.stages());
                } catch (Throwable failure) {
                    execution.fail(failure);
                }
                post(pipeline.post(), execution.result());
            });
        } catch (Throwable failure) {
            execution.fail(failure);
        }
    }

    private void sequential(List<StageSection> stages) throws Exception {
        for (int i = 0; i < stages.size(); i++) {
            try {
                stage(stages.get(i));
            } catch (Throwable failure) {
                stages.subList(i + 1, stages.size())
                        .forEach(skipped -> say("Stage \"" + skipped.name() + "\" skipped due to earlier failure(s)"));
                throw failure;
            }
        }
    }

    private void stage(StageSection stage) throws Exception {
        say("[Pipeline] stage");
        say("[Pipeline] { (" + stage.name() + ")");
        stage.ignored().forEach(section -> say("[playground] ignored: " + section));
        inEnvironment(stage.environment(), () -> {
            if (stage.applies(execution)) {
                stageWithPost(stage);
            } else {
                say("Stage \"" + stage.name() + "\" skipped due to when conditional");
            }
        });
        say("[Pipeline] }");
    }

    private void stageWithPost(StageSection stage) throws Exception {
        RunResult result = RunResult.SUCCESS;
        try {
            if (stage.steps().isPresent()) {
                execution.call(stage.steps().get());
            }
            sequential(stage.sequential());
            parallel(stage.parallel());
            result = execution.result();
        } catch (Throwable failure) {
            result = Failures.result(failure);
            execution.worsen(result);
            throw failure;
        } finally {
            post(stage.post(), result);
        }
    }

    private void parallel(List<StageSection> stages) throws Exception {
        if (stages.isEmpty()) {
            return;
        }
        ExecutorService branches = Executors.newFixedThreadPool(stages.size());
        try {
            Scope scope = execution.scope();
            List<Future<?>> running = new ArrayList<>();
            for (StageSection stage : stages) {
                running.add(branches.submit(() -> execution.within(scope, () -> {
                    stage(stage);
                    return null;
                })));
            }
            Optional<Throwable> failure = Optional.empty();
            for (Future<?> branch : running) {
                try {
                    branch.get();
                } catch (ExecutionException e) {
                    failure = failure.or(() -> Optional.of(e.getCause()));
                }
            }
            if (failure.isPresent()) {
                throw Failures.rethrow(failure.get());
            }
        } finally {
            branches.shutdownNow();
        }
    }

    /** In the order of the Pipeline syntax reference: {@code always} first, {@code cleanup} last. */
    private void post(Map<String, Closure<?>> blocks, RunResult result) {
        postBlock(blocks, "always");
        switch (result) {
            case SUCCESS -> postBlock(blocks, "success");
            case UNSTABLE -> postBlock(blocks, "unstable");
            case FAILURE -> postBlock(blocks, "failure");
            case ABORTED -> postBlock(blocks, "aborted");
        }
        if (result != RunResult.SUCCESS) {
            postBlock(blocks, "unsuccessful");
        }
        postBlock(blocks, "cleanup");
    }

    private void postBlock(Map<String, Closure<?>> blocks, String condition) {
        Closure<?> block = blocks.get(condition);
        if (block == null) {
            return;
        }
        say("[Pipeline] { (Declarative: Post " + condition + ")");
        try {
            execution.call(block);
        } catch (Throwable failure) {
            execution.fail(failure);
        }
        say("[Pipeline] }");
    }

    private interface Block {
        void run() throws Exception;
    }

    private void inEnvironment(Optional<Closure<?>> environment, Block block) throws Exception {
        EnvironmentSection section = new EnvironmentSection(execution);
        environment.ifPresent(section::readFrom);
        execution.within(execution.scope().with(section.values()), () -> {
            block.run();
            return null;
        });
    }

    private void say(String line) {
        execution.console().println(line);
    }
}
