package io.jenkins.plugins.gitops.engine.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives signed tokens to those who know the password, as docker-registry's token authentication wants them. */
final class TokenServer implements AutoCloseable {

    static final String SERVICE = "loopback registry";
    static final String ISSUER = "loopback";

    private static final Pattern SCOPE = Pattern.compile("scope=repository:([^:]+):([a-z,]+)");

    private final HttpServer server;
    private final TestCertificate signer;
    private final Path certificate;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    TokenServer(Path directory) throws IOException, GeneralSecurityException {
        signer = TestCertificate.create(directory);
        certificate = Files.writeString(directory.resolve("root.pem"), signer.pem());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    Path certificate() {
        return certificate;
    }

    /** Queries so far, decoded. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), UTF_8);
        requests.add(query);
        Matcher scope = SCOPE.matcher(query);
        boolean known = basic().equals(exchange.getRequestHeaders().getFirst("Authorization"));
        int status = known && scope.find() ? 200 : 401;
        byte[] body = (status == 200
                        ? "{\"token\":\"" + token(scope.group(1), scope.group(2)) + "\",\"expires_in\":300}"
                        : "{}")
                .getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A token for the registry, as its own clients get it. */
    String token(String repository, String actions) {
        long now = Instant.now().getEpochSecond();
        String head = """
            {"typ":"JWT","alg":"RS256","x5c":["%s"]}\
            """.formatted(signer.base64());
        String claims = """
            {"iss":"%s","sub":"robot","aud":"%s","exp":%d,"nbf":%d,"iat":%d,"jti":"%s",
             "access":[{"type":"repository","name":"%s","actions":["%s"]}]}\
            """.formatted(
                        ISSUER,
                        SERVICE,
                        now + 300,
                        now - 10,
                        now,
                        UUID.randomUUID(),
                        repository,
                        actions.replace(",", "\",\""));
        String signed = base64(head.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer.key());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String basic() {
        String pair = DebianRegistry.USER + ":" + DebianRegistry.PASSWORD;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
