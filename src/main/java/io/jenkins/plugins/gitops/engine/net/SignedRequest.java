package io.jenkins.plugins.gitops.engine.net;

import edu.umd.cs.findbugs.annotations.NonNull;
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
    @NonNull
    public static HttpRequest.Builder post(
            @NonNull HttpRequest.Builder request, @NonNull String json, @NonNull String secret, @NonNull Instant now) {
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
    @NonNull
    public static String sign(@NonNull String secret, @NonNull String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
