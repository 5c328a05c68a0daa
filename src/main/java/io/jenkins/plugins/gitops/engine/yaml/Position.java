package io.jenkins.plugins.gitops.engine.yaml;

/**
 * A place in a file as editors show it.
 *
 * @param line from 1
 * @param column from 1, in code points; a byte order mark has no width
 */
public record Position(int line, int column) {

    /** {@code line:column}. */
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
