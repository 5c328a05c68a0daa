package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.util.List;
import java.util.stream.Collectors;

/** A declaration that breaks its schema or contradicts itself; says every violation with its line. */
public final class InvalidDeclarationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /**
     * One thing to mend.
     *
     * @param line from 1
     * @param problem what is wrong and what is expected, without place and full stop
     */
    public record Violation(int line, @NonNull String problem) {}

    private final transient List<Violation> violations;

    /** @param violations not empty */
    public InvalidDeclarationException(@NonNull String file, @NonNull List<Violation> violations) {
        super(violations.stream()
                .map(violation -> file + ":" + violation.line() + ": " + sentence(violation.problem()))
                .collect(Collectors.joining("\n")));
        this.violations = List.copyOf(violations);
    }

    private static String sentence(String problem) {
        return problem.endsWith("?") ? problem : problem + ".";
    }

    /** In line order; empty after deserialisation, where the message still says them. */
    @NonNull
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }
}
