package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;

/** The steps a run may call, by the name a Jenkinsfile uses. */
@FunctionalInterface
public interface StepLibrary {

    /** One step. */
    @FunctionalInterface
    interface Function {

        /**
         * Runs to its end in the thread of the caller.
         *
         * @return what the step returns to the Jenkinsfile, or null
         * @throws InterruptedException when the run was aborted
         * @throws Exception to fail the run
         */
        Object run(@NonNull StepCall call, @NonNull PipelineExecution execution) throws Exception;
    }

    @NonNull
    Map<String, Function> steps();
}
