package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A form that tags may have.
 *
 * @param name {@code git-sha}, {@code semver}, or a regular expression for the whole tag; shown in messages
 */
public record TagPattern(String name) {

    /** Abbreviated or whole, SHA-1 or SHA-256. */
    private static final String GIT_SHA = "[0-9a-f]{7,64}";

    /** semver.org's, with an optional v; build metadata follows '_' or '-' since a tag cannot hold a '+'. */
    private static final String SEMVER =
            "v?(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:[-_][0-9A-Za-z._-]+)?";

    /** @throws InvalidPolicyException if it is neither a known name nor a regular expression */
    public TagPattern {
        try {
            compiled(name);
        } catch (PatternSyntaxException e) {
            throw new InvalidPolicyException(name, "write git-sha, semver or a regular expression for the whole tag");
        }
    }

    boolean matches(String tag) {
        return compiled(name).matcher(tag).matches();
    }

    private static Pattern compiled(String name) {
        return switch (name) {
            case "git-sha" -> Pattern.compile(GIT_SHA);
            case "semver" -> Pattern.compile(SEMVER);
            default -> Pattern.compile(name);
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
