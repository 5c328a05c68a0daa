package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import io.jenkins.plugins.gitops.steps.changes.ChangeCondition;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;

/** {@code when { … }}: all conditions must hold. */
final class WhenSection extends Section {

    private final List<Predicate<PipelineExecution>> conditions = new ArrayList<>();

    /** An Ant pattern such as {@code release/**}; none matches when the run has no branch. */
    public void branch(String pattern) {
        conditions.add(execution -> execution
                .variable("BRANCH_NAME")
                .filter(branch -> FileSystems.getDefault()
                        .getPathMatcher("glob:" + pattern)
                        .matches(Path.of(branch)))
                .isPresent());
    }

    public void buildingTag() {
        conditions.add(execution -> execution.variable("TAG_NAME").isPresent());
    }

    public void environment(Map<String, Object> condition) {
        String name = String.valueOf(condition.get("name"));
        String value = String.valueOf(condition.get("value"));
        conditions.add(execution -> execution.variable(name).orElse("").equals(value));
    }

    /** {@code equals}, see {@link EqualsCondition}. */
    public void equalTo(Map<String, Object> condition) {
        conditions.add(execution ->
                Objects.equals(String.valueOf(condition.get("expected")), String.valueOf(condition.get("actual"))));
    }

    public void expression(Closure<?> block) {
        conditions.add(execution -> DefaultTypeTransformation.castToBoolean(execution.call(block)));
    }

    /** A condition of the plugin. */
    public void gitopsChange(String kind) {
        conditions.add(execution -> PluginCondition.holds(new ChangeCondition(kind), execution));
    }

    public void not(Closure<?> block) {
        WhenSection inner = inner(block);
        conditions.add(execution -> !inner.all(execution));
    }

    public void allOf(Closure<?> block) {
        conditions.add(inner(block)::all);
    }

    public void anyOf(Closure<?> block) {
        WhenSection inner = inner(block);
        conditions.add(execution -> inner.conditions.stream().anyMatch(condition -> condition.test(execution)));
    }

    /** Runs are on this machine: there is no agent to wait for. */
    public void beforeAgent(boolean value) {}

    boolean all(PipelineExecution execution) {
        return conditions.stream().allMatch(condition -> condition.test(execution));
    }

    private static WhenSection inner(Closure<?> block) {
        WhenSection inner = new WhenSection();
        inner.readFrom(block);
        return inner;
    }
}
