package io.jenkins.plugins.gitops.engine.yaml;

import java.util.Collection;

/** Text from a file or a user, made fit for one line of a message. */
public final class Shortened {

    private static final int NAME = 60;
    private static final int NAMES = 20;
    private static final int LIST = 240;
    private static final int SENTENCE = 600;

    private Shortened() {}

    /** A key, a tag, an address: its first characters, without line breaks and invisible characters. */
    public static String name(String text) {
        return oneLine(text, NAME);
    }

    /** Likewise, so many of its first characters. */
    public static String line(String text, int most) {
        return oneLine(text, most);
    }

    /** The first of many names, no more of them than a sentence bears. */
    public static String list(Collection<String> names) {
        StringBuilder list = new StringBuilder();
        int count = 0;
        for (String name : names) {
            String next = name(name);
            if (count == NAMES || count > 0 && list.length() + next.length() > LIST) {
                return list.append(", …").toString();
            }
            list.append(count++ == 0 ? "" : ", ").append(next);
        }
        return list.toString();
    }

    /** A whole sentence: what is wrong stands at its begin, the remedy at its end. */
    static String sentence(String text) {
        if (text.length() <= SENTENCE) {
            return oneLine(text, SENTENCE);
        }
        int half = SENTENCE / 2;
        return oneLine(text.substring(0, half), half) + " … " + oneLine(text.substring(text.length() - half), half);
    }

    private static String oneLine(String text, int most) {
        StringBuilder line = new StringBuilder();
        int count = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (count++ == most) {
                return line.append('…').toString();
            }
            if (StringRules.isVisible(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04X", c));
            }
        }
        return line.toString();
    }
}
