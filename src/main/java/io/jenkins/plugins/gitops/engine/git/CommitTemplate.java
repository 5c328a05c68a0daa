package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server's rules want of commit messages: a subject of a certain form, such as {@code SHOP-42 {subject}} or {@code
 * [skip ci] {subject}}, and trailers such as {@code Signed-off-by}.
 *
 * @param subject one line; {@code {subject}} is the subject that the plugin would write, {@code {application}}, {@code
 *     {environment}} and {@code {images}} what is deployed, which are empty in commits that deploy nothing, {@code
 *     {ticket}} that of the step, empty where it has none
 * @param trailers added to the plugin's own
 */
public record CommitTemplate(String subject, List<Trailer> trailers) {

    private static final int LONGEST_SUBJECT = 200;
    private static final int MOST_TRAILERS = 20;
    private static final int LONGEST_TRAILER = 500;
    private static final int LONGEST_TICKET = 50;

    /** How tickets are written, unless a repository says otherwise. */
    public static final String TICKETS = "[A-Z][A-Z0-9]+-\\d+";

    /** Characters that a pattern of tickets looks at, repetitions included: some would never end. */
    private static final int MOST_WORK = 100_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");

    private static final List<String> PLACEHOLDERS =
            List.of("subject", "application", "environment", "images", "ticket");

    /** Messages as the plugin writes them. */
    public static final CommitTemplate DEFAULT = new CommitTemplate("{subject}", List.of());

    /** @throws RepositoryException if a message cannot be made of it, with one sentence */
    public CommitTemplate {
        trailers = List.copyOf(trailers);
        requireSubject(subject);
        if (trailers.size() > MOST_TRAILERS) {
            throw new RepositoryException(
                    "A commit message takes at most " + MOST_TRAILERS + " trailers of your own; remove some");
        }
    }

    private static void requireSubject(String subject) {
        if (subject.isBlank()
                || subject.length() > LONGEST_SUBJECT
                || subject.matches("(?s).*[\\p{Cntrl}\u2028\u2029].*")) {
            throw new RepositoryException("The subject of commits is one line of at most " + LONGEST_SUBJECT
                    + " characters, for example \"SHOP-42 {subject}\"");
        }
        PLACEHOLDER
                .matcher(subject)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !PLACEHOLDERS.contains(name))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new RepositoryException("The subject of commits has no {" + unknown + "}; use "
                            + PLACEHOLDERS.stream()
                                    .map(name -> "{" + name + "}")
                                    .collect(Collectors.joining(", ")));
                });
    }

    /**
     * A line such as {@code Signed-off-by: Jenkins <jenkins@example.org>}.
     *
     * @throws RepositoryException if it is no trailer, or one that only the plugin writes
     */
    public static Trailer trailer(String line) {
        int colon = line.indexOf(':');
        String key = colon < 0 ? "" : line.substring(0, colon).strip();
        String value = colon < 0 ? "" : line.substring(colon + 1).strip();
        if (!Trailer.isKey(key)
                || value.isEmpty()
                || line.length() > LONGEST_TRAILER
                || value.matches(".*\\p{Cntrl}.*")) {
            throw new RepositoryException("\"" + abbreviate(line) + "\" is not a trailer; write a key and a value, for"
                    + " example \"Signed-off-by: Jenkins <jenkins@example.org>\"");
        }
        Trailer trailer = new Trailer(key, value);
        if (trailer.isOwn()) {
            throw new RepositoryException(
                    "The trailer " + key + " is the plugin's own; use a key that does not begin with " + Trailer.OWN);
        }
        return trailer;
    }

    /**
     * That of the commits: a trailer, which the subject may name.
     *
     * @param given by the step; null to look for one in the branch
     * @param pattern a regular expression of tickets
     * @param branch that the step's run builds; null when unknown
     * @throws RepositoryException if what is given is no ticket, or the pattern no expression, or one without end
     */
    public static Optional<Trailer> ticket(@Nullable String given, String pattern, @Nullable String branch) {
        if (given != null) {
            if (!given.matches("[^\\p{Cntrl}\u2028\u2029]{1," + LONGEST_TICKET + "}")) {
                throw new RepositoryException(
                        "\"" + abbreviate(given) + "\" is not a ticket; write one line of at most " + LONGEST_TICKET
                                + " characters, for example \"SHOP-42\"");
            }
            return Optional.of(new Trailer(Trailer.TICKET, given));
        }
        return branch == null || branch.length() > LONGEST_SUBJECT
                ? Optional.empty()
                : requireTicketPattern(pattern)
                        .matcher(new BoundedText(branch, new int[1]))
                        .results()
                        .map(found -> found.group().replaceAll("\\p{Cntrl}", ""))
                        .filter(found -> !found.isBlank() && found.length() <= LONGEST_TICKET)
                        .map(found -> new Trailer(Trailer.TICKET, found))
                        .findFirst();
    }

    /**
     * @param pattern a regular expression
     * @throws RepositoryException if it is not a valid one
     */
    public static Pattern requireTicketPattern(String pattern) {
        try {
            if (pattern.length() <= LONGEST_SUBJECT) {
                return Pattern.compile(pattern);
            }
        } catch (PatternSyntaxException e) {
            // As one that is too long: the sentence says what is wanted.
        }
        throw new RepositoryException("\"" + abbreviate(pattern) + "\" is not a pattern of tickets; write a regular"
                + " expression of at most " + LONGEST_SUBJECT + " characters, for example \"" + TICKETS + "\"");
    }

    private static String abbreviate(String line) {
        String plain = line.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
    }

    /** Its subject as the template has it, and the trailers after its own. */
    CommitRequest apply(CommitRequest request) {
        Map<String, String> values = Map.of(
                "subject", request.subject(),
                "application", values(request, Trailer.APPLICATION),
                "environment", values(request, Trailer.ENVIRONMENT),
                "images", values(request, Trailer.IMAGE),
                "ticket", ticket(request));
        String text = PLACEHOLDER
                .matcher(subject)
                .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))))
                .strip();
        return request.saying(
                text.isEmpty() ? request.subject() : text,
                Stream.concat(request.trailers().stream(), trailers.stream()).toList());
    }

    private String ticket(CommitRequest request) {
        return Stream.concat(trailers.stream(), request.trailers().stream())
                .filter(trailer -> trailer.key().equals(Trailer.TICKET))
                .map(Trailer::value)
                .findFirst()
                .orElse("");
    }

    private static String values(CommitRequest request, String key) {
        return request.trailers().stream()
                .filter(trailer -> trailer.key().equals(key))
                .map(trailer -> key.equals(Trailer.IMAGE) ? image(trailer.value()) : trailer.value())
                .collect(Collectors.joining(", "));
    }

    /** {@code api=registry/repository:tag@digest} as {@code api tag}, or with as much of the digest as one reads. */
    private static String image(String value) {
        String name = value.replaceFirst("=.*", "");
        String reference = value.replaceFirst(".*/", "");
        Matcher tag = Pattern.compile(":([^@:]+)(@.*)?$").matcher(reference.replaceFirst("@.*", ""));
        String version = tag.find() ? tag.group(1) : reference.replaceFirst(".*@(sha256:.{12}).*", "$1");
        return name + " " + version;
    }

    /** Text that ends an expression which looks at it too often. */
    private record BoundedText(CharSequence text, int[] work) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++work[0] > MOST_WORK) {
                throw new RepositoryException(
                        "The pattern of tickets takes too long on this branch; configure a simpler one");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
