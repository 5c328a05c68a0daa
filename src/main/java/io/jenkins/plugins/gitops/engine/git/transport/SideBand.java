package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The data channel of a multiplexed answer; messages go to a listener, the error channel is thrown. */
final class SideBand extends InputStream {

    private final PacketReader packets;
    private final Consumer<String> messages;
    private byte[] current = {};
    private int position;
    private boolean ended;

    SideBand(@NonNull PacketReader packets, @NonNull Consumer<String> messages) {
        this.packets = packets;
        this.messages = messages;
    }

    @Override
    public int read() throws IOException {
        return more() ? current[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean more() throws IOException {
        while (position >= current.length && !ended) {
            nextPacket();
        }
        return position < current.length;
    }

    private void nextPacket() throws IOException {
        if (packets.next() != PacketReader.Type.DATA) {
            ended = true;
            return;
        }
        byte[] data = packets.data();
        if (data.length == 0) {
            return;
        }
        switch (data[0]) {
            case 1 -> {
                current = data;
                position = 1;
            }
            case 2 -> messages.accept(text(data));
            case 3 -> throw ServerMessages.error(text(data));
            default -> throw new WireException(WireException.Kind.FINAL, "the answer is not Git's protocol");
        }
    }

    private static String text(byte[] data) {
        return new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
    }
}
