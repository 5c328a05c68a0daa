package io.jenkins.plugins.gitops.steps.support;

import hudson.FilePath;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads something of a workspace where it is, which usually is on an agent; waits no longer than a few minutes for it. */
public final class AgentCall {

    private static final long MINUTES = 5;

    private AgentCall() {}

    /** A workspace that could not be read. */
    public static final class WorkspaceException extends GitOpsException {

        private static final long serialVersionUID = 1L;

        WorkspaceException(String reason) {
            super("The workspace cannot be read (" + reason + "); check what the steps before left there.");
        }
    }

    /** @throws WorkspaceException if the agent does not answer, or what it was asked for cannot be read */
    public static <T> T ask(FilePath directory, FilePath.FileCallable<T> question)
            throws IOException, InterruptedException {
        Future<T> answer = directory.actAsync(question);
        try {
            return answer.get(MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new WorkspaceException(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new WorkspaceException("the agent has not responded for " + MINUTES + " minutes");
        } finally {
            answer.cancel(true);
        }
    }
}
