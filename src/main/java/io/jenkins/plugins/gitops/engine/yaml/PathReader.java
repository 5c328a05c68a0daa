package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;

/** Reads the written form of a {@link YamlPath}. */
final class PathReader {

    private final String text;
    private final List<YamlPath.Step> steps = new ArrayList<>();
    private int next;

    PathReader(String text) {
        this.text = text;
    }

    YamlPath read() {
        while (next < text.length()) {
            if (text.charAt(next) == '[') {
                steps.add(bracket());
            } else {
                if (next > 0) {
                    expect('.');
                }
                steps.add(new YamlPath.Key(key()));
            }
        }
        if (steps.isEmpty()) {
            throw wrong("it is empty");
        }
        return new YamlPath(steps);
    }

    private void expect(char c) {
        if (text.charAt(next) != c) {
            throw wrong("'" + c + "' is missing at character " + (next + 1));
        }
        next++;
    }

    private String key() {
        if (next < text.length() && text.charAt(next) == '"') {
            return quotedKey();
        }
        int start = next;
        while (next < text.length() && ".[]\"".indexOf(text.charAt(next)) < 0) {
            next++;
        }
        if (next == start) {
            throw wrong("a key is missing at character " + (start + 1));
        }
        return text.substring(start, next);
    }

    private String quotedKey() {
        StringBuilder key = new StringBuilder();
        next++;
        while (next < text.length()) {
            char c = text.charAt(next++);
            if (c != '"') {
                key.append(c);
            } else if (next < text.length() && text.charAt(next) == '"') {
                key.append('"');
                next++;
            } else {
                return key.toString();
            }
        }
        throw wrong("a closing '\"' is missing");
    }

    private YamlPath.Step bracket() {
        int end = text.indexOf(']', next);
        if (end < 0) {
            throw wrong("a closing ']' is missing");
        }
        String inside = text.substring(next + 1, end);
        next = end + 1;
        int equals = inside.indexOf('=');
        if (equals > 0) {
            return new YamlPath.Item(inside.substring(0, equals), inside.substring(equals + 1));
        }
        if (inside.matches("[0-9]{1,6}")) {
            return new YamlPath.Index(Integer.parseInt(inside));
        }
        throw wrong("[" + inside + "] is neither an index nor key=value");
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(
                "'" + text + "' is not a path: " + why + "; write for example api.image or containers[name=web].image");
    }
}
