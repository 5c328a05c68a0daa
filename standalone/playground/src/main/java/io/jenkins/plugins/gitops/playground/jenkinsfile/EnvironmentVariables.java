package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.GroovyObjectSupport;

/** {@code env} in a Jenkinsfile; a variable that is not set reads as null. */
final class EnvironmentVariables extends GroovyObjectSupport {

    private final PipelineExecution execution;

    EnvironmentVariables(PipelineExecution execution) {
        this.execution = execution;
    }

    @Override
    public Object getProperty(String name) {
        return execution.variable(name).orElse(null);
    }

    @Override
    public void setProperty(String name, Object value) {
        execution.setVariable(name, String.valueOf(value));
    }
}
