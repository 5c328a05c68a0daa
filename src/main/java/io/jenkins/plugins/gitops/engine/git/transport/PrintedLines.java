package io.jenkins.plugins.gitops.engine.git.transport;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a server prints while it takes a push, line by line, bounded in lines and in their length. */
final class PrintedLines extends OutputStream {

    private static final int LONGEST_LINE = 4000;
    private static final int LINES_PASSED_ON = 200;
    private static final int LINES_KEPT = 20;

    /** Not how far it got: {@code Resolving deltas: 100% (1/1), done.} */
    private static final Pattern PROGRESS = Pattern.compile("^[\\w ]+: +\\d+% \\(\\d+/\\d+\\)");

    private final Consumer<String> listener;
    private final Deque<String> kept = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int lines;

    PrintedLines(Consumer<String> listener) {
        this.listener = listener;
    }

    /** The last lines. */
    List<String> kept() {
        return List.copyOf(kept);
    }

    @Override
    public void write(int character) {
        if (character == '\n' || character == '\r') {
            end();
        } else if (line.size() < LONGEST_LINE) {
            line.write(character);
        }
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.isBlank() || PROGRESS.matcher(text).find()) {
            return;
        }
        String clean = GitFailures.oneLine(text);
        if (kept.size() == LINES_KEPT) {
            kept.removeFirst();
        }
        kept.addLast(clean);
        lines++;
        if (lines <= LINES_PASSED_ON) {
            listener.accept(clean);
        } else if (lines == LINES_PASSED_ON + 1) {
            listener.accept("… further output of the server is not shown");
        }
    }
}
