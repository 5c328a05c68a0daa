package io.jenkins.plugins.gitops.engine.git;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Git's own {@code http-backend} as a CGI process. */
final class GitHttpBackend {

    private static final Path EXEC_PATH = Path.of(TestGit.output(Path.of("."), "--exec-path"));

    private GitHttpBackend() {}

    /** @param protocol the newest one that it speaks */
    static Process start(Path root, HttpExchange exchange, String path, String query, int protocol) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(EXEC_PATH.resolve("git-http-backend").toString());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        TestGit.isolate(environment);
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", path);
        environment.put("QUERY_STRING", query);
        environment.put("REMOTE_ADDR", "127.0.0.1");
        environment.put("REMOTE_USER", "someone");
        copyHeader(exchange, "Content-Type", environment, "CONTENT_TYPE");
        copyHeader(exchange, "Content-Length", environment, "CONTENT_LENGTH");
        copyHeader(exchange, "Content-Encoding", environment, "HTTP_CONTENT_ENCODING");
        if (protocol == 2) {
            copyHeader(exchange, "Git-Protocol", environment, "GIT_PROTOCOL");
        } else if (protocol == 1) {
            environment.put("GIT_PROTOCOL", "version=1");
        }
        return builder.start();
    }

    /** Hands on the body of a request. */
    static void feed(HttpExchange exchange, InputStream body, Process process, AtomicLong received) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        long expected = length == null ? 0 : Long.parseLong(length);
        try (OutputStream in = process.getOutputStream()) {
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                in.write(buffer, 0, n);
                received.addAndGet(n);
            }
        } catch (IOException e) {
            // The client or Git went away; the other side of the exchange notices.
        }
        if (received.get() < expected) {
            // http-backend would wait for the rest of the body forever.
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /** The CGI's headers; its status, if it gives one. */
    static int headers(HttpExchange exchange, InputStream out) throws IOException {
        int status = 200;
        for (String line = line(out); !line.isEmpty(); line = line(out)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else if (!name.equalsIgnoreCase("Content-Length")) {
                exchange.getResponseHeaders().add(name, value);
            }
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    private static void copyHeader(HttpExchange exchange, String header, Map<String, String> environment, String name) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
            environment.put(name, value);
        }
    }
}
