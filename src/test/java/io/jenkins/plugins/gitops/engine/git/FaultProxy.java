package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Stands between a client and a server on 127.0.0.1 and breaks connections, each at one point of its bytes. */
final class FaultProxy implements Closeable {

    /** What happens to a connection. */
    sealed interface Fault {

        /** Both sides are cut off after so many bytes in a direction. */
        record Cut(@NonNull Direction direction, int afterBytes) implements Fault {}

        /** After so many bytes in a direction no more come, and nobody hears of it. */
        record Stall(@NonNull Direction direction, int afterBytes) implements Fault {}
    }

    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final int serverPort;
    private final Supplier<Fault> faults;
    private final Runnable onStrike;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger injected = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param faults asked once for each connection */
    FaultProxy(int serverPort, @NonNull Supplier<Fault> faults) throws IOException {
        this(serverPort, faults, () -> {});
    }

    /** @param onStrike told of each fault that takes place */
    FaultProxy(int serverPort, @NonNull Supplier<Fault> faults, @NonNull Runnable onStrike) throws IOException {
        this.serverPort = serverPort;
        this.faults = faults;
        this.onStrike = onStrike;
        this.listener = new ServerSocket(0, 256, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Faults that took place; a connection that ended before its point is not counted. */
    int injected() {
        return injected.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closed.countDown();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                Fault fault = faults.get();
                start(() -> pump(client, server, Direction.TO_SERVER, fault));
                start(() -> pump(server, client, Direction.TO_CLIENT, fault));
            } catch (IOException e) {
                // The listener was closed, or a server is being restarted.
            }
        }
    }

    private void pump(Socket from, Socket to, Direction direction, Fault fault) {
        int left = left(direction, fault);
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int passing = Math.min(n, left);
                out.write(buffer, 0, passing);
                out.flush();
                left -= passing;
                if (passing < n) {
                    strike(from, to, fault);
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // One side went away, or the proxy was closed.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void strike(Socket from, Socket to, Fault fault) throws IOException, InterruptedException {
        injected.incrementAndGet();
        onStrike.run();
        if (fault instanceof Fault.Cut) {
            from.setSoLinger(true, 0);
            to.setSoLinger(true, 0);
            return;
        }
        // Silence, until the other side gives up and closes or the test ends.
        closed.await();
    }

    private static int left(Direction direction, Fault fault) {
        if (fault instanceof Fault.Cut cut && cut.direction() == direction) {
            return cut.afterBytes();
        }
        if (fault instanceof Fault.Stall stall && stall.direction() == direction) {
            return stall.afterBytes();
        }
        return Integer.MAX_VALUE;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
