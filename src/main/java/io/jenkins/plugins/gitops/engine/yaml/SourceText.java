package io.jenkins.plugins.gitops.engine.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The characters of one file and where its lines are. Offsets are UTF-16 indices; decoding and encoding lose nothing. */
record SourceText(String file, String text) {

    /** Larger than any values file seen in public config repositories by a factor of ten. */
    static final int MAX_BYTES = 5 * 1024 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    static SourceText decode(String file, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new EditRefusedException(
                    file,
                    new Position(1, 1),
                    Refusal.TOO_LARGE,
                    "the file has " + content.length + " bytes; split it into files of less than " + MAX_BYTES);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return new SourceText(file, decoder.decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            SourceText readable = new SourceText(file, readablePrefix(content));
            throw new EditRefusedException(
                    file,
                    readable.position(readable.text.length()),
                    Refusal.NOT_UTF8,
                    "a byte here is not UTF-8; save the file as UTF-8");
        }
    }

    private static String readablePrefix(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        java.nio.CharBuffer characters = java.nio.CharBuffer.allocate(content.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, characters, true);
        return result.isError() ? characters.flip().toString() : "";
    }

    byte[] encode() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Position position(int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
                line++;
            }
        }
        return new Position(line, column(offset) + 1);
    }

    /** Code points between the start of the line and the offset. */
    int column(int offset) {
        int start = lineStart(offset);
        if (start == 0 && offset > 0 && text.charAt(0) == BYTE_ORDER_MARK) {
            start = 1;
        }
        return text.codePointCount(start, offset);
    }

    int lineStart(int offset) {
        int i = offset;
        while (i > 0 && !isBreak(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    /** Where the line's break begins, or the end of the text. */
    int lineEnd(int offset) {
        int i = offset;
        while (i < text.length() && !isBreak(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Where the next line begins, or the end of the text. */
    int nextLine(int offset) {
        int end = lineEnd(offset);
        return end + breakLength(end);
    }

    /** Where the break before a line's start begins. */
    int endOfPreviousLine(int lineStart) {
        return lineStart > 1 && text.startsWith("\r\n", lineStart - 2) ? lineStart - 2 : lineStart - 1;
    }

    /** The line break that a line inserted behind the line of the offset should have: the file's own, nearest first. */
    String lineBreakNear(int offset) {
        int end = lineEnd(offset);
        if (end < text.length()) {
            return text.substring(end, end + breakLength(end));
        }
        int start = lineStart(offset);
        if (start == 0) {
            return "\n";
        }
        return text.substring(endOfPreviousLine(start), start);
    }

    private int breakLength(int end) {
        if (end >= text.length()) {
            return 0;
        }
        return text.startsWith("\r\n", end) ? 2 : 1;
    }

    static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
