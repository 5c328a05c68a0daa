package io.jenkins.plugins.gitops.playground.jenkinsfile;

import static io.jenkins.plugins.gitops.playground.jenkinsfile.Grammar.refusal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.Statement;

/**
 * Checks the sections of a Declarative Pipeline by its syntax tree, as Jenkins does before a run: nothing has happened
 * yet when a section is refused.
 */
final class DeclarativeCheck {

    private static final Set<String> NESTED_CONDITIONS = Set.of("not", "allOf", "anyOf");
    private static final Set<String> WORK = Set.of("steps", "stages", "parallel");

    private DeclarativeCheck() {}

    static void check(ModuleNode file) {
        List<MethodCallExpression> pipelines = file.getStatementBlock().getStatements().stream()
                .flatMap(statement -> pipelineCall(statement).stream())
                .toList();
        if (pipelines.size() != 1) {
            int line = pipelines.isEmpty() ? 1 : pipelines.get(1).getLineNumber();
            throw new JenkinsfileException(line, "write exactly one pipeline { } block: only Declarative runs here.");
        }
        pipeline(pipelines.get(0));
    }

    private static Optional<MethodCallExpression> pipelineCall(Statement statement) {
        return statement instanceof ExpressionStatement expression
                        && expression.getExpression() instanceof MethodCallExpression call
                        && "pipeline".equals(call.getMethodAsString())
                ? Optional.of(call)
                : Optional.empty();
    }

    private static void pipeline(MethodCallExpression pipeline) {
        Map<String, MethodCallExpression> sections = once(pipeline, Grammar.PIPELINE);
        require(sections, "agent", pipeline);
        stages(require(sections, "stages", pipeline));
        found(sections, "parameters").ifPresent(Grammar.PARAMETERS::sectionsOf);
        found(sections, "post").ifPresent(post -> once(post, Grammar.POST));
    }

    private static void stages(MethodCallExpression section) {
        List<MethodCallExpression> stages = Grammar.STAGES.sectionsOf(section);
        if (stages.isEmpty()) {
            throw refusal(section, "'" + section.getMethodAsString() + "' has no stage: add stage('…') { … }.");
        }
        stages.forEach(DeclarativeCheck::stage);
    }

    private static void stage(MethodCallExpression stage) {
        Map<String, MethodCallExpression> sections = once(stage, Grammar.STAGE);
        List<String> work = sections.keySet().stream().filter(WORK::contains).toList();
        if (work.size() != 1) {
            throw refusal(
                    stage, "a stage has one of 'steps', 'stages' and 'parallel', this one has " + work.size() + ".");
        }
        if (!work.contains("steps")) {
            stages(sections.get(work.get(0)));
        }
        found(sections, "when").ifPresent(DeclarativeCheck::when);
        found(sections, "post").ifPresent(post -> once(post, Grammar.POST));
    }

    private static void when(MethodCallExpression section) {
        Grammar.WHEN.sectionsOf(section).stream()
                .filter(condition -> NESTED_CONDITIONS.contains(condition.getMethodAsString()))
                .forEach(DeclarativeCheck::when);
    }

    private static Map<String, MethodCallExpression> once(MethodCallExpression block, Grammar grammar) {
        Map<String, MethodCallExpression> byName = new LinkedHashMap<>();
        for (MethodCallExpression section : grammar.sectionsOf(block)) {
            if (byName.put(section.getMethodAsString(), section) != null) {
                throw refusal(
                        section,
                        "'" + section.getMethodAsString() + "' stands twice in '" + grammar.block() + "': keep one.");
            }
        }
        return byName;
    }

    private static MethodCallExpression require(
            Map<String, MethodCallExpression> sections, String name, MethodCallExpression block) {
        return found(sections, name)
                .orElseThrow(() -> refusal(
                        block,
                        "'" + block.getMethodAsString() + "' has no '" + name + "': add one, Jenkins needs it."));
    }

    private static Optional<MethodCallExpression> found(Map<String, MethodCallExpression> sections, String name) {
        return Optional.ofNullable(sections.get(name));
    }
}
