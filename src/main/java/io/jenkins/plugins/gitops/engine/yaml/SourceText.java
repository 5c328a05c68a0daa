package io.jenkins.plugins.gitops.engine.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The characters of one file and where its lines are. Offsets are UTF-16 indices; decoding and encoding lose nothing. */
final class SourceText {

    /** Larger than any values file seen in public config repositories by a factor of ten. */
    static final int MAX_BYTES = 5 * 1024 * 1024;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String file;
    private final String text;

    /** Where each line begins. */
    private final int[] lines;

    /** The code point offset of each character outside the Basic Multilingual Plane, ascending. */
    private final int[] astral;

    SourceText(String file, String text) {
        this.file = file;
        this.text = text;
        IntStream.Builder lineStarts = IntStream.builder().add(0);
        IntStream.Builder codePoints = IntStream.builder();
        int pairs = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1))) {
                lineStarts.add(i + 1);
            } else if (Character.isHighSurrogate(c)) {
                codePoints.add(i - pairs++);
            }
        }
        this.lines = lineStarts.build().toArray();
        this.astral = codePoints.build().toArray();
    }

    static SourceText decode(String file, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new EditRefusedException(
                    file, "the file has " + content.length + " bytes; split it into files of less than " + MAX_BYTES);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer characters = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), characters, true);
        SourceText readable = new SourceText(file, characters.flip().toString());
        if (result.isError() && (readable.text.isEmpty() || readable.text.indexOf('\0') >= 0)) {
            throw new EditRefusedException(
                    file, "the file is binary, encrypted or in UTF-16; keep images in a text file in UTF-8");
        }
        if (result.isError()) {
            throw readable.refuse(readable.text.length(), "a byte here is not UTF-8; save the file as UTF-8");
        }
        return readable;
    }

    String file() {
        return file;
    }

    String text() {
        return text;
    }

    /** The parser counts code points. */
    int offset(int codePoint) {
        int index = Arrays.binarySearch(astral, codePoint);
        return Math.min(codePoint + (index >= 0 ? index : -index - 1), text.length());
    }

    EditRefusedException refuse(int offset, String sentence) {
        return refuse(offset, sentence, false);
    }

    EditRefusedException refuse(int offset, String sentence, boolean shared) {
        return new EditRefusedException(file, line(offset), column(offset) + 1, sentence, shared);
    }

    /** From 1. */
    int line(int offset) {
        int index = Arrays.binarySearch(lines, offset);
        return index >= 0 ? index + 1 : -index - 1;
    }

    /** Code points between the start of the line and the offset; a byte order mark has no width. */
    int column(int offset) {
        int start = lineStart(offset);
        return text.codePointCount(start == 0 && offset > 0 && text.startsWith(BYTE_ORDER_MARK) ? 1 : start, offset);
    }

    int lineStart(int offset) {
        return lines[line(offset) - 1];
    }

    /** Where the line's break begins, or the end of the text. */
    int lineEnd(int offset) {
        int next = line(offset);
        return next == lines.length ? text.length() : endOfPreviousLine(lines[next]);
    }

    /** Where the next line begins, or the end of the text. */
    int nextLine(int offset) {
        int next = line(offset);
        return next == lines.length ? text.length() : lines[next];
    }

    /** Where the break before a line's start begins. */
    int endOfPreviousLine(int lineStart) {
        return lineStart > 1 && text.startsWith("\r\n", lineStart - 2) ? lineStart - 2 : lineStart - 1;
    }

    /** The line break that a line inserted behind the line of the offset should have: the file's own, nearest first. */
    String lineBreakNear(int offset) {
        int line = line(offset);
        int start = lines[line < lines.length ? line : line - 1];
        return start == 0 ? "\n" : text.substring(endOfPreviousLine(start), start);
    }

    static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }
}
