package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks both APIs over plain sockets as far as lists and the beginning of a stream go, and then says nothing more
 * without ever closing: no event, no comment, no pong, no answer to a refresh. So does a peer behind a broken network.
 */
final class SilentServer implements AutoCloseable {

    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");
    /** RFC 6455, section 1.3. */
    private static final String WEB_SOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();
    private volatile List<String> applications = List.of();
    private volatile Manner manner = Manner.ANSWERS_LISTS;

    /** What it does with a request to list. */
    enum Manner {
        ANSWERS_LISTS,
        ACCEPTS_ONLY
    }

    SilentServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** What lists say from now on; nobody is told. */
    void applications(List<String> resources) {
        applications = resources;
    }

    void manner(Manner wanted) {
        manner = wanted;
    }

    /** How many streams were ever opened. */
    int streams() {
        return streams.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException | RejectedExecutionException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            String head = head(in);
            Matcher key = KEY.matcher(head);
            if (key.find()) {
                streams.incrementAndGet();
                webSocket(out, key.group(1));
            } else if (head.startsWith("GET /api/v1/stream/applications")) {
                streams.incrementAndGet();
                eventStream(out);
            } else if (manner == Manner.ANSWERS_LISTS && head.matches("(?s)GET \\S*/applications(\\?\\S*)? .*")) {
                list(out);
                return;
            }
            out.flush();
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closed) {
            // The other side has given up, or the test is over.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int next;
        while (head.indexOf("\r\n\r\n") < 0 && (next = in.read()) >= 0) {
            head.append((char) next);
        }
        return head.toString();
    }

    private void list(OutputStream out) throws IOException {
        byte[] body = ("{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"ApplicationList\","
                        + "\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" + String.join(",", applications)
                        + "]}")
                .getBytes(StandardCharsets.UTF_8);
        write(
                out,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + body.length + "\r\n\r\n");
        out.write(body);
    }

    /** One event, and half of another. */
    private void eventStream(OutputStream out) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        String events = "data: {\"result\":{\"type\":\"ADDED\",\"application\":" + applications.get(0)
                + "}}\n\ndata: {\"result\":{\"ty";
        write(out, Integer.toHexString(events.length()) + "\r\n" + events + "\r\n");
    }

    private void webSocket(OutputStream out, String key) throws IOException {
        write(
                out,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        String event = "{\"type\":\"MODIFIED\",\"object\":" + applications.get(0) + "}";
        out.write(new byte[] {(byte) 0x81, 126, (byte) (event.length() >> 8), (byte) event.length()});
        write(out, event);
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + WEB_SOCKET).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
