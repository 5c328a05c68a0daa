package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.List;
import java.util.Map;

/** {@code pipeline { … }}. */
final class PipelineSection extends BlockSection {

    private final ParametersSection parameters = new ParametersSection();
    private final StagesSection stages = new StagesSection();

    public void parameters(Closure<?> block) {
        parameters.readFrom(block);
    }

    public void stages(Closure<?> block) {
        stages.readFrom(block);
    }

    /** Declared parameters with their default values. */
    Map<String, Object> parameters() {
        return parameters.defaults();
    }

    List<StageSection> stages() {
        return stages.list();
    }
}
