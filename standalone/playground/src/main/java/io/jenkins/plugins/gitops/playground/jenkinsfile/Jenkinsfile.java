package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.util.Map;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;

/**
 * A Declarative Pipeline as text. It is Groovy 2.4, the version inside Jenkins, compiled without the continuation
 * passing style of Jenkins: a run lives in one thread and does not survive a restart.
 */
public record Jenkinsfile(@NonNull String text) {

    /** How the file is named in messages and in stack traces. */
    public static final String NAME = "Jenkinsfile";

    /**
     * Compiles the file and checks its structure, so that a wrong section is refused before anything runs.
     *
     * @throws JenkinsfileException naming the line
     */
    @NonNull
    PipelineScript compile() {
        try {
            DeclarativeCheck.check(syntaxTree());
            CompilerConfiguration configuration = new CompilerConfiguration();
            configuration.setScriptBaseClass(PipelineScript.class.getName());
            configuration.addCompilationCustomizers(new EqualsCondition());
            GroovyShell shell =
                    new GroovyShell(Jenkinsfile.class.getClassLoader(), new Binding(Map.of()), configuration);
            return (PipelineScript) shell.parse(text, NAME);
        } catch (MultipleCompilationErrorsException e) {
            throw syntaxError(e);
        }
    }

    private ModuleNode syntaxTree() {
        CompilationUnit unit = new CompilationUnit();
        SourceUnit source = unit.addSource(NAME, text);
        unit.compile(Phases.CONVERSION);
        return source.getAST();
    }

    private static JenkinsfileException syntaxError(MultipleCompilationErrorsException e) {
        if (e.getErrorCollector().getError(0) instanceof SyntaxErrorMessage message) {
            SyntaxException cause = message.getCause();
            return new JenkinsfileException(cause.getLine(), "this is not Groovy: " + cause.getOriginalMessage());
        }
        return new JenkinsfileException(1, "this is not Groovy: " + e.getMessage());
    }
}
