package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import org.codehaus.groovy.runtime.InvokerInvocationException;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** What a throwable means for a run. */
public final class Failures {

    private Failures() {}

    /** Without the wrappers that reflection and Groovy add. */
    @NonNull
    public static Throwable cause(@NonNull Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof InvokerInvocationException
                        || inner instanceof InvocationTargetException
                        || inner instanceof UndeclaredThrowableException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    static RunResult result(Throwable thrown) {
        Throwable cause = cause(thrown);
        if (cause instanceof FlowInterruptedException interrupted) {
            return RunResult.valueOf(interrupted.getResult().toString());
        }
        return cause instanceof InterruptedException ? RunResult.ABORTED : RunResult.FAILURE;
    }

    /** One line for what the user can mend, a stack trace for the rest. */
    static void print(Throwable thrown, PrintStream console) {
        Throwable cause = cause(thrown);
        if (cause instanceof InterruptedException) {
            console.println(cause.getMessage() == null ? "Aborted" : cause.getMessage());
        } else if (cause instanceof GitOpsException
                || cause instanceof StepFailure
                || cause instanceof AbortException) {
            console.println("ERROR: " + cause.getMessage());
        } else {
            cause.printStackTrace(console);
        }
    }

    /** Throws anything from a method that Groovy calls: a Jenkinsfile may catch what a step throws. */
    static RuntimeException rethrow(Throwable thrown) {
        return Failures.<RuntimeException>sneak(cause(thrown));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
