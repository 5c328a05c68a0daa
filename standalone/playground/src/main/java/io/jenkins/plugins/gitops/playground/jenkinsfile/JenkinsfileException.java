package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Something in a Jenkinsfile that cannot be run; the sentence starts with the file and the line. */
public final class JenkinsfileException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /** @param line counted from 1 */
    public JenkinsfileException(int line, @NonNull String sentence) {
        super(Jenkinsfile.NAME + ":" + line + ": " + sentence);
    }
}
