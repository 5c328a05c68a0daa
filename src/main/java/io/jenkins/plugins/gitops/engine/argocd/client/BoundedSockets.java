package io.jenkins.plugins.gitops.engine.argocd.client;

import io.jenkins.plugins.gitops.engine.net.BodyLimits.TooLargeException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets that receive so many bytes for one request and no more: a WebSocket's message has no other limit. A watch that
 * has received as much without a fault is broken off too, and goes on from where it was.
 */
final class BoundedSockets extends SocketFactory {

    /** What we send in one piece and is longer is a request, not a ping. */
    private static final int LONGEST_PING = 200;

    private final long limit;

    /** @param limit in bytes as they are transmitted */
    BoundedSockets(long limit) {
        this.limit = limit;
    }

    @Override
    public Socket createSocket() {
        return new BoundedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("connects later");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("connects later");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("connects later");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("connects later");
    }

    private final class BoundedSocket extends Socket {

        private final AtomicLong received = new AtomicLong();

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int count = in.read(target, offset, length);
                    if (received.addAndGet(Math.max(0, count)) > limit) {
                        BoundedSocket.this.close();
                        throw new TooLargeException(limit);
                    }
                    return count;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (length > LONGEST_PING) {
                        received.set(0);
                    }
                    out.write(bytes, offset, length);
                }
            };
        }
    }
}
