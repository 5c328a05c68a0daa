package io.jenkins.plugins.gitops.steps.verify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import io.jenkins.plugins.gitops.steps.support.sync.VerifiedBody;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs the body once the verification has begun, and ends when both have. */
class VerifyExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final VerifyStep step;
    private final VerifiedBody body;

    VerifyExecution(StepContext context, VerifyStep step, OnFailure onFailure) {
        super(context);
        this.step = step;
        this.body = new VerifiedBody(step, onFailure);
    }

    @Override
    protected void proceed() throws Exception {
        if (body.isStarted()) {
            body.resume(this);
            return;
        }
        OpenedRepository opened = step.open(run(), environment());
        worksOn(step.choice(), step.application());
        body.join(this, opened, step.getEnvironment(), step.getCommit());
        if (!hasEnded()) {
            getContext().newBodyInvoker().withCallback(new Body(this)).start();
        }
    }

    /** Kept by Jenkins with the running body. */
    private static final class Body extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        private final VerifyExecution step;

        Body(VerifyExecution step) {
            this.step = step;
        }

        /** Jenkins saves this together with the body that it has begun: no restart begins it twice, or never. */
        @Override
        public void onStart(StepContext context) {
            step.body.started();
        }

        @Override
        public void onSuccess(StepContext context, @CheckForNull Object result) {
            step.body.ended(step, null);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            step.body.ended(step, failure);
        }
    }

    @Override
    protected void released() {
        body.cancel(this, whyStopped());
    }

    @Override
    public String getStatus() {
        return body.summary()
                .orElseGet(() -> Messages.VerifyExecution_status(step.application() + "/" + step.getEnvironment()));
    }
}
