package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A file that cannot be read or edited without guessing, and was left as it is: the user mends the file or the path. */
public final class EditRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Refusal reason;
    private final String sentence;
    private final String file;
    private final int line;
    private final int column;

    /**
     * @param file path of the file in the repository
     * @param sentence what is wrong and what to do, without place and without full stop at the end
     */
    public EditRefusedException(
            @NonNull String file, @NonNull Position position, @NonNull Refusal reason, @NonNull String sentence) {
        super(file + ":" + position + ": " + Shortened.sentence(sentence) + ".");
        this.reason = reason;
        this.sentence = Shortened.sentence(sentence);
        this.file = file;
        this.line = position.line();
        this.column = position.column();
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

    @NonNull
    public String file() {
        return file;
    }

    @NonNull
    public Position position() {
        return new Position(line, column);
    }
}
