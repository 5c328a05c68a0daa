package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A file that cannot be read or edited without guessing, and was left as it is: the user mends the file or the path. */
public final class EditRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Refusal reason;
    private final String sentence;
    private final int line;

    /** A refusal that points at the file as a whole. */
    public EditRefusedException(@NonNull String file, @NonNull Refusal reason, @NonNull String sentence) {
        this(file, 1, 1, reason, sentence);
    }

    /**
     * @param file path of the file in the repository
     * @param line from 1
     * @param column from 1, in code points; a byte order mark has no width
     * @param sentence what is wrong and what to do, without place and without full stop at the end
     */
    EditRefusedException(String file, int line, int column, Refusal reason, String sentence) {
        super(file + ":" + line + ":" + column + ": " + Shortened.sentence(sentence) + ".");
        this.reason = reason;
        this.sentence = Shortened.sentence(sentence);
        this.line = line;
    }

    /** The message without place and full stop. */
    @NonNull
    public String sentence() {
        return sentence;
    }

    @NonNull
    public Refusal reason() {
        return reason;
    }

    /** From 1. */
    public int line() {
        return line;
    }
}
