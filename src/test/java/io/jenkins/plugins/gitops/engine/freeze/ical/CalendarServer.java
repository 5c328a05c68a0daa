package io.jenkins.plugins.gitops.engine.freeze.ical;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Publishes a calendar on loopback, and reads it as a controller does. */
public final class CalendarServer implements AutoCloseable {

    /** An hour on 1 December 2026 from noon on. */
    public static final String NOON = event("20261201T120000Z", "20261201T130000Z", "Audit");

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body = NOON;

    public CalendarServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** A calendar with one event. */
    public static String event(String from, String to, String summary) {
        return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:" + from + "\r\nDTEND:" + to + "\r\nSUMMARY:" + summary
                + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Location", "http://127.0.0.1/elsewhere");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    public void answer(int code, String content) {
        status = code;
        body = content;
    }

    /** No more. */
    public void stop() {
        server.stop(0);
    }

    public List<String> requests() {
        return List.copyOf(requests);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/private-s3cret/basic.ics");
    }

    public Calendars calendars(Path folder, InstantSource clock) {
        return new Calendars(
                HttpClients.DEFAULT, address -> Optional.empty(), threads, new CalendarCache(folder), clock);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
