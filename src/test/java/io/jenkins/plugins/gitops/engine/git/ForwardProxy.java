package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on 127.0.0.1 (RFC 9110, 7.6 and 9.3.6) whose servers are all on this machine. */
public final class ForwardProxy implements Closeable {

    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getByName("127.0.0.1"));
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile String wanted = "";
    private volatile int refusal;

    public ForwardProxy() throws IOException {
        start(this::accept);
    }

    /** From now on it wants this value of Proxy-Authorization. */
    public void require(@NonNull String authorization) {
        wanted = authorization;
    }

    /** From now on it answers this status. */
    public void refuse(int status) {
        refusal = status;
    }

    @NonNull
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** The head of the first request of each connection. */
    @NonNull
    public List<String> heads() {
        return List.copyOf(heads);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            OutputStream answer = client.getOutputStream();
            if (refusal != 0) {
                say(answer, refusal + " No\r\nContent-Length: 0");
            } else if (!wanted.isEmpty() && !head.contains("\r\nProxy-Authorization: " + wanted + "\r\n")) {
                say(answer, "407 Who are you\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0");
            } else {
                forward(client, head);
            }
        } catch (IOException e) {
            // One side went away.
        } finally {
            open.remove(client);
        }
    }

    private void forward(Socket client, String head) throws IOException {
        int port = Integer.parseInt(head.replaceAll("(?s)^\\S+ [^ ]*?:(\\d+)[/ ].*", "$1"));
        try (Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            open.add(server);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            if (head.startsWith("CONNECT ")) {
                say(client.getOutputStream(), "200 Connected");
            } else {
                server.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            }
            start(() -> pump(server, client));
            pump(client, server);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side went away.
        }
    }

    private static void say(OutputStream out, String status) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "forward-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
