package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.ArrayList;
import java.util.List;

/** {@code stages { … }} and {@code parallel { … }}. */
final class StagesSection extends Section {

    private final List<StageSection> stages = new ArrayList<>();

    public void stage(String name, Closure<?> block) {
        StageSection stage = new StageSection(name);
        stage.readFrom(block);
        stages.add(stage);
    }

    List<StageSection> list() {
        return stages;
    }
}
