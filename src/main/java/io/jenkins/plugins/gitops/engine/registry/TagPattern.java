package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A form that tags may have.
 *
 * @param name {@code git-sha}, {@code semver}, or a regular expression; shown in messages
 * @param pattern for the whole tag
 */
public record TagPattern(@NonNull String name, @NonNull Pattern pattern) {

    /** Abbreviated or whole, SHA-1 or SHA-256. */
    private static final Pattern GIT_SHA = Pattern.compile("[0-9a-f]{7,64}");

    /** semver.org's, with an optional v; build metadata follows '_' or '-' since a tag cannot hold a '+'. */
    private static final Pattern SEMVER =
            Pattern.compile("v?(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:[-_][0-9A-Za-z._-]+)?");

    /** @throws InvalidPolicyException if it is neither a known name nor a regular expression */
    @NonNull
    public static TagPattern of(@NonNull String text) {
        return switch (text) {
            case "git-sha" -> new TagPattern(text, GIT_SHA);
            case "semver" -> new TagPattern(text, SEMVER);
            default -> new TagPattern(text, compiled(text));
        };
    }

    public boolean matches(@NonNull String tag) {
        return pattern.matcher(tag).matches();
    }

    private static Pattern compiled(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new InvalidPolicyException(text, "write git-sha, semver or a regular expression for the whole tag");
        }
    }

    /** Patterns have no equality of their own; the name decides. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TagPattern pattern && name.equals(pattern.name);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
