package jenkins.management;

import edu.umd.cs.findbugs.annotations.NonNull;

public class Badge {

    private final String text;

    public Badge(@NonNull String text, @NonNull String tooltip, @NonNull Severity severity) {
        this.text = text;
    }

    public String getText() {
        return text;
    }

    public enum Severity {
        DANGER,
        WARNING,
        INFO
    }
}
