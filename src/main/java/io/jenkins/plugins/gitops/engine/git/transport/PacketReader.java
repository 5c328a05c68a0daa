package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads packet lines (gitprotocol-common). One packet is at most 65,520 bytes, which bounds the memory it takes. */
final class PacketReader {

    /** What a packet's length says about it. */
    enum Type {
        DATA,
        FLUSH,
        DELIMITER,
        RESPONSE_END
    }

    private final InputStream in;
    private final byte[] header = new byte[4];
    private byte[] data = {};

    PacketReader(@NonNull InputStream in) {
        this.in = in;
    }

    /** Reads the next packet; {@link #data} is its content until the next call. */
    @NonNull
    Type next() throws IOException {
        readFully(header);
        int length = length();
        data = new byte[Math.max(0, length - 4)];
        if (length < 4) {
            return switch (length) {
                case 0 -> Type.FLUSH;
                case 1 -> Type.DELIMITER;
                case 2 -> Type.RESPONSE_END;
                default -> throw notGit();
            };
        }
        readFully(data);
        return Type.DATA;
    }

    private void readFully(byte[] target) throws IOException {
        if (in.readNBytes(target, 0, target.length) < target.length) {
            throw new WireException(WireException.Kind.BROKEN, "the answer ended early");
        }
    }

    @NonNull
    byte[] data() {
        return data;
    }

    /** The packet as text without its line end; a packet that reports an error is thrown. */
    @NonNull
    String text() throws WireException {
        int end = data.length;
        if (end > 0 && data[end - 1] == '\n') {
            end--;
        }
        String line = new String(data, 0, end, StandardCharsets.UTF_8);
        if (line.startsWith("ERR ")) {
            throw ServerMessages.error(line.substring(4));
        }
        return line;
    }

    private int length() throws WireException {
        int length = 0;
        for (byte b : header) {
            int digit = Character.digit(b, 16);
            if (digit < 0) {
                throw notGit();
            }
            length = length * 16 + digit;
        }
        return length;
    }

    private static WireException notGit() {
        return new WireException(WireException.Kind.FINAL, "the answer is not Git's protocol");
    }
}
