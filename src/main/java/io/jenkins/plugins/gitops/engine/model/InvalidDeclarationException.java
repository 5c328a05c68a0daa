package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.util.List;
import java.util.stream.Collectors;

/** A declaration that breaks its schema or contradicts itself; names the first violations with their lines. */
public final class InvalidDeclarationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /** More of them are counted. */
    static final int MOST_NAMED = 20;

    /**
     * One thing to mend; in line order.
     *
     * @param line from 1
     * @param problem what is wrong and what is expected, without place and full stop
     */
    public record Violation(int line, String problem) implements Comparable<Violation> {

        @Override
        public int compareTo(Violation other) {
            return Integer.compare(line, other.line);
        }
    }

    private final transient List<Violation> violations;

    /** @param violations not empty */
    public InvalidDeclarationException(String file, List<Violation> violations) {
        super(message(file, violations));
        this.violations = List.copyOf(violations);
    }

    private static String message(String file, List<Violation> violations) {
        String named = violations.stream()
                .limit(MOST_NAMED)
                .map(violation -> file + ":" + violation.line() + ": " + sentence(violation.problem()))
                .collect(Collectors.joining("\n"));
        int more = violations.size() - MOST_NAMED;
        return more <= 0 ? named : named + "\nAnd " + more + " more; correct these first.";
    }

    private static String sentence(String problem) {
        return problem.endsWith("?") ? problem : problem + ".";
    }

    /** In line order; empty after deserialisation, where the message still says them. */
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }
}
