package io.jenkins.plugins.gitops.engine.registry.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be asked: one challenge of a {@code WWW-Authenticate} header.
 *
 * @param scheme lower case, {@code bearer} or {@code basic}
 * @param parameters by lower-case name
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, 11.6.1</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {

    private static final Pattern PART = Pattern.compile("[\\s,]*(?:(?<name>[!#$%&'*+.^_`|~\\w-]+)\\s*=\\s*"
            + "(?:(?<open>\")|(?<bare>[^\\s,\"]+))|(?<scheme>[A-Za-z][\\w-]*))");

    /** Reads the first challenge that this client can answer; a bearer token goes before a password. */
    static Optional<Challenge> read(List<String> headers) {
        Optional<Challenge> basic = Optional.empty();
        for (String header : headers) {
            for (Challenge challenge : all(header)) {
                if (challenge.scheme.equals("bearer") && challenge.parameters.containsKey("realm")) {
                    return Optional.of(challenge);
                }
                if (challenge.scheme.equals("basic")) {
                    basic = Optional.of(challenge);
                }
            }
        }
        return basic;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    private static List<Challenge> all(String header) {
        List<Challenge> found = new ArrayList<>();
        Matcher matcher = PART.matcher(header);
        int at = 0;
        while (matcher.region(at, header.length()).lookingAt()) {
            at = matcher.end();
            String value = matcher.group("bare");
            if (matcher.group("open") != null) {
                int close = closingQuote(header, at);
                value = unescaped(header.substring(at, close));
                at = Math.min(close + 1, header.length());
            }
            if (matcher.group("scheme") != null) {
                found.add(new Challenge(matcher.group("scheme").toLowerCase(Locale.ROOT), new TreeMap<>()));
            } else if (!found.isEmpty()) {
                found.get(found.size() - 1).parameters.put(matcher.group("name").toLowerCase(Locale.ROOT), value);
            }
        }
        return found;
    }

    /** By hand: a regular expression takes a stack frame for each character that may be escaped. */
    private static int closingQuote(String header, int from) {
        int at = from;
        while (at < header.length() && header.charAt(at) != '"') {
            at += header.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, header.length());
    }

    private static String unescaped(String quoted) {
        return quoted.replaceAll("\\\\(.)", "$1");
    }
}
