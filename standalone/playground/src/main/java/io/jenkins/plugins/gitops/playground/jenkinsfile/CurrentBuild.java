package io.jenkins.plugins.gitops.playground.jenkinsfile;

/** {@code currentBuild} in a Jenkinsfile. */
public final class CurrentBuild {

    private final PipelineExecution execution;
    private String displayName;
    private String description = "";

    CurrentBuild(PipelineExecution execution) {
        this.execution = execution;
        this.displayName = "#" + getNumber();
    }

    public int getNumber() {
        return Integer.parseInt(execution.variable("BUILD_NUMBER").orElse("1"));
    }

    public String getCurrentResult() {
        return execution.result().name();
    }

    public String getResult() {
        return getCurrentResult();
    }

    /** A result only gets worse. */
    public void setResult(String result) {
        execution.worsen(RunResult.valueOf(result));
    }

    public String getDisplayName() {
        return displayName;
    }

    public void setDisplayName(String name) {
        displayName = name;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String text) {
        description = text;
    }
}
