package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A file that cannot be read or edited without guessing, and was left as it is: the user mends the file or the path. */
public final class EditRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final int line;
    private final boolean shared;

    /** A refusal that points at the file as a whole. */
    public EditRefusedException(String file, String sentence) {
        this(file, 1, 1, sentence, false);
    }

    /** A refusal that points at a place of a file that is not YAML; line and column from 1. */
    public EditRefusedException(String file, int line, int column, String sentence) {
        this(file, line, column, sentence, false);
    }

    /**
     * @param file path of the file in the repository
     * @param line from 1
     * @param column from 1, in code points; a byte order mark has no width
     * @param sentence what is wrong and what to do, without place and without full stop at the end
     */
    EditRefusedException(String file, int line, int column, String sentence, boolean shared) {
        super(file + ":" + line + ":" + column + ": " + Shortened.sentence(sentence) + ".");
        this.sentence = Shortened.sentence(sentence);
        this.line = line;
        this.shared = shared;
    }

    /** The message without place and full stop. */
    public String sentence() {
        return sentence;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** Whether the value is shared with another place, which would change too: a change there may be the remedy. */
    public boolean isShared() {
        return shared;
    }
}
