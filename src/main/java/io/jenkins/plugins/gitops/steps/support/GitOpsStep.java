package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step whose parameters, where they are wrong, end it with one sentence and no stack trace. */
public abstract class GitOpsStep extends Step implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public final StepExecution start(@NonNull StepContext context) throws Exception {
        try {
            return execution(context);
        } catch (GitOpsException mistake) {
            AbortException sentence = new AbortException(mistake.getMessage());
            sentence.initCause(mistake);
            throw sentence;
        }
    }

    /**
     * What runs the step.
     *
     * @throws GitOpsException if a parameter is missing or wrong
     */
    @NonNull
    protected abstract StepExecution execution(@NonNull StepContext context) throws Exception;
}
