package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.GroovyClassLoader;
import org.jenkinsci.plugins.pipeline.modeldefinition.when.DeclarativeStageConditional;
import org.jenkinsci.plugins.pipeline.modeldefinition.when.DeclarativeStageConditionalScript;
import org.jenkinsci.plugins.workflow.cps.CpsScript;

/** A Declarative condition of the plugin, evaluated as Jenkins does: by the Groovy script that stands beside its class. */
final class PluginCondition {

    private PluginCondition() {}

    static boolean holds(DeclarativeStageConditional<?> condition, PipelineExecution execution) {
        Class<?> type = condition.getClass();
        try (GroovyClassLoader scripts = new GroovyClassLoader(type.getClassLoader())) {
            return ((DeclarativeStageConditionalScript<?>) scripts.loadClass(type.getName() + "Script")
                            .getConstructor(CpsScript.class, type)
                            .newInstance(execution.script(), condition))
                    .evaluate();
        } catch (Exception failure) {
            throw Failures.rethrow(failure);
        }
    }
}
