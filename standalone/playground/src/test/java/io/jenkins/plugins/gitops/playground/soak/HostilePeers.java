package io.jenkins.plugins.gitops.playground.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Servers as they are at their worst, on one port of loopback: the first part of the path says how it behaves. Their
 * threads are named {@code peer-…}, so that they can be told from the plugin's.
 */
final class HostilePeers implements AutoCloseable {

    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GIT =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n"
                            + "001e# service=git-upload-pack\n0000")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_MILLIS = 60_000;

    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "peer-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    HostilePeers() throws IOException {
        threads.execute(this::accept);
    }

    /** @param behaviour drip, endless, silent, reset, garbage or refs */
    String url(String behaviour) {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/" + behaviour;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                open.add(peer);
                threads.execute(() -> serve(peer));
            } catch (IOException closed) {
                // the loop ends with the socket
            }
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            peer.setSoTimeout(LONGEST_MILLIS);
            byte[] request = new byte[4096];
            int length = peer.getInputStream().read(request);
            String path = length < 0
                    ? ""
                    : new String(request, 0, length, StandardCharsets.ISO_8859_1)
                            .replaceAll("(?s)^\\S+ /(\\w*).*", "$1");
            behave(path, peer.getInputStream(), peer.getOutputStream());
        } catch (IOException | InterruptedException gone) {
            // the plugin went away, which is what it should do
        } finally {
            open.remove(peer);
        }
    }

    private static void behave(String path, InputStream in, OutputStream out) throws IOException, InterruptedException {
        switch (path) {
            case "drip" -> {
                out.write(OK);
                while (true) {
                    out.write(' ');
                    out.flush();
                    Thread.sleep(50);
                }
            }
            case "endless" -> {
                out.write(OK);
                while (true) {
                    out.write("[\"and so on\",".repeat(500).getBytes(StandardCharsets.US_ASCII));
                }
            }
            case "refs" -> {
                out.write(GIT);
                for (long line = 0; true; line++) {
                    out.write("003f%040x refs/heads/%07d\n"
                            .formatted(line, line % 10_000_000)
                            .getBytes(StandardCharsets.US_ASCII));
                }
            }
            case "garbage" -> out.write("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
            case "silent" -> in.readAllBytes();
            default -> {
                // closed without an answer
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
        for (Socket peer : open) {
            peer.close();
        }
    }
}
