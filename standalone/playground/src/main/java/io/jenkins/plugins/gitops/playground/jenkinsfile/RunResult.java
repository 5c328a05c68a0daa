package io.jenkins.plugins.gitops.playground.jenkinsfile;

/** How a run ended, best first. */
public enum RunResult {
    SUCCESS,
    UNSTABLE,
    FAILURE,
    ABORTED
}
