package io.jenkins.plugins.gitops.engine.net;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a request a POST of JSON that its receiver can check: the header {@value #SIGNATURE} is {@code sha256=} and the
 * hexadecimal HMAC-SHA256, under the shared secret, of the header {@value #TIMESTAMP}, a full stop and the body.
 */
public final class SignedRequest {

    public static final String SIGNATURE = "X-GitOps-Signature-256";
    public static final String TIMESTAMP = "X-GitOps-Timestamp";

    private SignedRequest() {}

    /** @param secret shared with the receiver; empty leaves the signature out */
    public static HttpRequest.Builder post(HttpRequest.Builder request, String json, String secret, Instant now) {
        String timestamp = Long.toString(now.getEpochSecond());
        request.header("Content-Type", "application/json")
                .header(TIMESTAMP, timestamp)
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (!secret.isEmpty()) {
            request.header(SIGNATURE, "sha256=" + sign(secret, timestamp + "." + json));
        }
        return request;
    }

    /** HMAC-SHA256 in lower-case hexadecimal digits. */
    public static String sign(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
