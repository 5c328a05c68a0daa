package io.jenkins.plugins.gitops.engine.net;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on loopback whose every answer is a script; knows when the client hung up. */
final class Peer implements Closeable {

    /** What is sent once the request's head was read. */
    @FunctionalInterface
    interface Script {
        void run(@NonNull OutputStream out) throws Exception;
    }

    private final ServerSocket listener;
    private final CountDownLatch hungUp = new CountDownLatch(1);

    Peer(@NonNull Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script);
    }

    Peer(@NonNull ServerSocket listener, @NonNull Script script) {
        this.listener = listener;
        Thread thread = new Thread(
                () -> {
                    while (!listener.isClosed()) {
                        try (Socket client = listener.accept()) {
                            client.getInputStream().read(new byte[1 << 14]);
                            script.run(client.getOutputStream());
                        } catch (Exception e) {
                            hungUp.countDown();
                        }
                    }
                },
                "peer");
        thread.setDaemon(true);
        thread.start();
    }

    @NonNull
    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** Whether the client closes its connection, seen when the script can write no more. */
    boolean isHungUp() throws InterruptedException {
        return hungUp.await(10, TimeUnit.SECONDS);
    }

    static void head(@NonNull OutputStream out, @NonNull String length) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Sends a byte now and then until the client hangs up. */
    @SuppressWarnings("InfiniteLoop") // ends with the connection
    static void trickle(@NonNull OutputStream out) throws Exception {
        while (true) {
            out.write('.');
            out.flush();
            Thread.sleep(5);
        }
    }

    /** Sends without a pause until the client hangs up. */
    @SuppressWarnings("InfiniteLoop") // ends with the connection
    static void flood(@NonNull OutputStream out) throws Exception {
        while (true) {
            out.write(new byte[1 << 14]);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
