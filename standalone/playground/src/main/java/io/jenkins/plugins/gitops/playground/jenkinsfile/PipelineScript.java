package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.io.IOException;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.cps.CpsScript;

/** The base class of a compiled Jenkinsfile: a name that is not Groovy's is a variable or a step of the run. */
public abstract class PipelineScript extends CpsScript {

    private static final long serialVersionUID = 1L;

    private transient PipelineExecution execution;

    protected PipelineScript() throws IOException {}

    final void attach(PipelineExecution run) {
        execution = run;
    }

    /** The one block of a Declarative Pipeline. */
    public final void pipeline(Closure<?> block) {
        PipelineSection section = new PipelineSection();
        section.readFrom(block);
        execution.pipeline(section);
    }

    @Override
    public Object getProperty(String name) {
        if (execution == null) {
            return super.getProperty(name);
        }
        return switch (name) {
            case "env" -> execution.environmentVariables();
            case "params" -> execution.parameters();
            case "currentBuild" -> execution.currentBuild();
            case "scm" -> "scm";
            case "out" -> execution.console();
            default -> {
                Optional<Object> parameter =
                        Optional.ofNullable(execution.parameters().get(name));
                yield getBinding().hasVariable(name)
                        ? getBinding().getVariable(name)
                        : parameter.or(() -> execution.variable(name)).orElseThrow(() -> execution.unknownName(name));
            }
        };
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        Object[] list = arguments instanceof Object[] array ? array : new Object[] {arguments};
        return getMetaClass().respondsTo(this, name, list).isEmpty()
                ? execution.step(name, list)
                : super.invokeMethod(name, arguments);
    }
}
