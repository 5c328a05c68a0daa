package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

/** What a server says in words, made fit for one line of a log and sorted by what can be done. */
final class ServerMessages {

    private static final int LONGEST = 400;

    private ServerMessages() {}

    /** Line ends and control characters become spaces; very long messages are cut. */
    @NonNull
    static String oneLine(@NonNull String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    /** An {@code ERR} packet or the side band's error channel. */
    @NonNull
    static WireException error(@NonNull String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        boolean cannot = lower.contains("not our ref")
                || lower.contains("want ") && lower.contains("not valid")
                || lower.contains("filter")
                || lower.contains("shallow")
                || lower.contains("unadvertised object");
        return new WireException(
                cannot ? WireException.Kind.UNSUPPORTED : WireException.Kind.FINAL,
                "the server said \"" + oneLine(message) + "\"");
    }
}
