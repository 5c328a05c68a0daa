package io.jenkins.plugins.gitops.playground.jenkinsfile;

import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.Statement;

/**
 * Which calls may stand in one kind of Declarative block.
 *
 * @param block how the block is named in messages
 * @param sections what runs here
 * @param onlyInJenkins what Jenkins knows and the playground does not run
 * @see <a href="https://www.jenkins.io/doc/book/pipeline/syntax/">Pipeline syntax</a>
 */
record Grammar(String block, Set<String> sections, Set<String> onlyInJenkins) {

    static final Grammar PIPELINE = new Grammar(
            "pipeline",
            Set.of("agent", "environment", "options", "parameters", "triggers", "tools", "stages", "post"),
            Set.of("libraries"));

    static final Grammar STAGES = new Grammar("stages", Set.of("stage"), Set.of());

    static final Grammar STAGE = new Grammar(
            "stage",
            Set.of("agent", "environment", "options", "tools", "when", "steps", "stages", "parallel", "post"),
            Set.of("matrix", "input", "failFast"));

    static final Grammar POST = new Grammar(
            "post",
            Set.of("always", "success", "failure", "unstable", "aborted", "unsuccessful", "cleanup"),
            Set.of("changed", "fixed", "regression"));

    static final Grammar WHEN = new Grammar(
            "when",
            Set.of(
                    "branch",
                    "buildingTag",
                    "environment",
                    "equals",
                    "expression",
                    "not",
                    "allOf",
                    "anyOf",
                    "beforeAgent",
                    "gitopsChange"),
            Set.of("changelog", "changeset", "changeRequest", "tag", "triggeredBy", "isRestartedRun"));

    static final Grammar PARAMETERS =
            new Grammar("parameters", Set.of("string", "text", "booleanParam", "choice"), Set.of("password"));

    /** The calls in the block that {@code call} opens, each one known to this grammar. */
    List<MethodCallExpression> sectionsOf(MethodCallExpression call) {
        return statements(call).stream().map(this::section).toList();
    }

    private MethodCallExpression section(Statement statement) {
        if (!(statement instanceof ExpressionStatement expression)
                || !(expression.getExpression() instanceof MethodCallExpression call)
                || call.getMethodAsString() == null) {
            throw refusal(
                    statement, "only sections are allowed in '" + block + "': move code into steps { script { … } }.");
        }
        String name = call.getMethodAsString();
        if (!call.isImplicitThis()) {
            throw refusal(call, "'" + name + "' follows another section on its line: start a new line.");
        }
        if (onlyInJenkins.contains(name)) {
            throw refusal(
                    call,
                    "the playground does not run '" + name + "' in '" + block
                            + "': leave it out here, or try it in Jenkins.");
        }
        if (!sections.contains(name)) {
            String remedy = UnknownNameException.nearest(name, sections)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElseGet(() -> "known are "
                            + String.join(", ", sections.stream().sorted().toList()) + ".");
            throw refusal(call, "there is no '" + name + "' in '" + block + "': " + remedy);
        }
        return call;
    }

    private List<Statement> statements(MethodCallExpression call) {
        ClosureExpression body = body(call)
                .orElseThrow(() -> refusal(call, "'" + call.getMethodAsString() + "' needs a block in braces."));
        return ((BlockStatement) body.getCode()).getStatements();
    }

    private static Optional<ClosureExpression> body(MethodCallExpression call) {
        List<Expression> arguments = ((TupleExpression) call.getArguments()).getExpressions();
        return !arguments.isEmpty() && arguments.get(arguments.size() - 1) instanceof ClosureExpression closure
                ? Optional.of(closure)
                : Optional.empty();
    }

    static JenkinsfileException refusal(ASTNode place, String sentence) {
        return new JenkinsfileException(place.getLineNumber(), sentence);
    }
}
