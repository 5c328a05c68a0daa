package io.jenkins.plugins.gitops.playground.jenkinsfile;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code environment { NAME = value }}: a value may use the ones before it. */
final class EnvironmentSection extends Section {

    private final PipelineExecution execution;
    private final Map<String, String> values = new LinkedHashMap<>();

    EnvironmentSection(PipelineExecution execution) {
        this.execution = execution;
    }

    @Override
    public Object getProperty(String name) {
        return values.containsKey(name) ? values.get(name) : execution.script().getProperty(name);
    }

    @Override
    public void setProperty(String name, Object value) {
        values.put(name, String.valueOf(value));
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        return execution.script().invokeMethod(name, arguments);
    }

    Map<String, String> values() {
        return values;
    }
}
