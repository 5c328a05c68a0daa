package io.jenkins.plugins.gitops.engine.freeze.ical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code BEGIN:} … {@code END:} of an iCalendar stream (RFC 5545, 3.4 and 3.6). What is wrong with it is an {@link
 * IllegalArgumentException} whose message is a clause with the line.
 *
 * @param name such as {@code VEVENT}
 */
record Component(String name, List<Property> properties, List<Component> children) {

    private static final int MOST_COMPONENTS = 20_000;

    private static final int DEEPEST = 8;

    /** A name, and parameters whose values may be quoted. */
    private static final Pattern LINE = Pattern.compile(
            "([A-Za-z0-9-]++)((?:;[A-Za-z0-9-]++=(?:\"[^\"]*+\"|[^\";:,]*+)(?:,(?:\"[^\"]*+\"|[^\";:,]*+))*+)*+):(.*+)",
            Pattern.DOTALL);

    private static final Pattern PARAMETER = Pattern.compile(";([A-Za-z0-9-]++)=(?:\"([^\"]*+)\"|([^\";:]*+))");

    /**
     * A line of a component.
     *
     * @param parameters by name in capitals; of several values the first
     */
    record Property(String name, Map<String, String> parameters, String value, int line) {

        Optional<String> parameter(String key) {
            return Optional.ofNullable(parameters.get(key));
        }

        IllegalArgumentException invalid(String why) {
            return new IllegalArgumentException("line " + line + ": " + name + " " + why);
        }
    }

    /** Every calendar of a stream. */
    static List<Component> calendars(byte[] stream) {
        Component root = new Component("", new ArrayList<>(), new ArrayList<>());
        Deque<Component> open = new ArrayDeque<>(List.of(root));
        int components = 0;
        List<Property> lines = lines(stream);
        for (Property line : lines) {
            String value = line.value().strip().toUpperCase(Locale.ROOT);
            if (line.name().equals("BEGIN")) {
                if (++components > MOST_COMPONENTS || open.size() > DEEPEST) {
                    throw line.invalid(
                            "is one too many: at most " + MOST_COMPONENTS + " components, " + DEEPEST + " deep");
                }
                Component begun = new Component(value, new ArrayList<>(), new ArrayList<>());
                open.element().children().add(begun);
                open.push(begun);
            } else if (line.name().equals("END")) {
                if (open.size() < 2 || !open.pop().name().equals(value)) {
                    throw line.invalid("closes a component that is not open");
                }
            } else if (open.size() < 2) {
                throw line.invalid("stands before BEGIN:VCALENDAR");
            } else {
                open.element().properties().add(line);
            }
        }
        if (open.size() > 1) {
            throw new IllegalArgumentException(
                    "it ends before END:" + open.element().name());
        }
        if (root.children().isEmpty()
                || !root.children().stream()
                        .allMatch(calendar -> calendar.name().equals("VCALENDAR"))) {
            throw new IllegalArgumentException("it has no BEGIN:VCALENDAR");
        }
        return root.children();
    }

    /** Lines that begin with a space or a tab continue the one before (RFC 5545, 3.1). */
    private static List<Property> lines(byte[] stream) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(stream))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not UTF-8", e);
        }
        List<Property> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int number = 0;
        int first = 0;
        for (String line : text.replaceFirst("^\uFEFF", "").split("\r\n|\n|\r", -1)) {
            number++;
            if (line.startsWith(" ") || line.startsWith("\t")) {
                current.append(line, 1, line.length());
                continue;
            }
            add(lines, current, first);
            current.setLength(0);
            current.append(line);
            first = number;
        }
        add(lines, current, first);
        return lines;
    }

    private static void add(List<Property> lines, CharSequence text, int number) {
        if (text.toString().isBlank()) {
            return;
        }
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalArgumentException("line " + number + " is not one of an iCalendar file");
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(line.group(2));
        while (parameter.find()) {
            parameters.putIfAbsent(
                    parameter.group(1).toUpperCase(Locale.ROOT),
                    parameter.group(2) == null ? parameter.group(3) : parameter.group(2));
        }
        lines.add(new Property(line.group(1).toUpperCase(Locale.ROOT), parameters, line.group(3), number));
    }

    List<Component> children(String named) {
        return children.stream().filter(child -> child.name().equals(named)).toList();
    }

    List<Property> all(String named) {
        return properties.stream()
                .filter(property -> property.name().equals(named))
                .toList();
    }

    /** The first of that name. */
    Optional<Property> one(String named) {
        return all(named).stream().findFirst();
    }
}
