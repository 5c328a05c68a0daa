package io.jenkins.plugins.gitops.engine.model;

import java.io.Serializable;
import java.util.List;

/**
 * One file before and after, for people to read.
 *
 * @param path relative to the root of the config repository
 * @param lines only those that differ, in file order
 */
public record FileChange(String path, List<Line> lines) implements Serializable {

    public FileChange {
        lines = List.copyOf(lines);
    }

    /**
     * A line that goes or comes.
     *
     * @param number from 1; in the old file when removed, in the new file when added
     * @param text without line end
     */
    public record Line(Kind kind, int number, String text) implements Serializable {

        /** As {@code diff} marks it. */
        public String sign() {
            return kind == Kind.ADDED ? "+" : "-";
        }
    }

    /** Which side of the change a line is on. */
    public enum Kind {
        REMOVED,
        ADDED
    }
}
