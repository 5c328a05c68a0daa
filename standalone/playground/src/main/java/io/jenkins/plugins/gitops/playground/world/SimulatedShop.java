package io.jenkins.plugins.gitops.playground.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** The shop as its users reach it, simulated: {@code /<environment>/health} is up unless a broken version is live there. */
final class SimulatedShop implements AutoCloseable {

    private final HttpServer server;

    /** @param isBroken whether a broken version is live in an environment */
    SimulatedShop(Predicate<String> isBroken) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, isBroken));
        server.start();
    }

    private static void answer(HttpExchange exchange, Predicate<String> isBroken) throws IOException {
        try (exchange) {
            boolean isUp = !isBroken.test(exchange.getRequestURI().getPath().split("/")[1]);
            byte[] body = ("{\"status\":\"" + (isUp ? "UP" : "DOWN") + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isUp ? 200 : 500, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where an environment is reached. */
    String url(String environment) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + environment;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
