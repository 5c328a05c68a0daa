package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.List;
import java.util.Optional;

/** {@code stage('…') { … }}: has steps, or stages, or parallel stages. */
final class StageSection extends BlockSection {

    private final String name;
    private final WhenSection when = new WhenSection();
    private final StagesSection stages = new StagesSection();
    private final StagesSection parallel = new StagesSection();
    private Closure<?> steps;

    StageSection(String name) {
        this.name = name;
    }

    public void when(Closure<?> block) {
        when.readFrom(block);
    }

    public void steps(Closure<?> block) {
        steps = block;
    }

    public void stages(Closure<?> block) {
        stages.readFrom(block);
    }

    public void parallel(Closure<?> block) {
        parallel.readFrom(block);
    }

    String name() {
        return name;
    }

    /** Whether the stage runs at all. */
    boolean applies(PipelineExecution execution) {
        return when.all(execution);
    }

    Optional<Closure<?>> steps() {
        return Optional.ofNullable(steps);
    }

    List<StageSection> sequential() {
        return stages.list();
    }

    List<StageSection> parallel() {
        return parallel.list();
    }
}
