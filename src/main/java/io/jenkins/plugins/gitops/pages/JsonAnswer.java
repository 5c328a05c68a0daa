package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** JSON with a status that means what it says: a decision that was refused is never a success. */
public final class JsonAnswer implements HttpResponse {

    private static final int TAG_BYTES = 16;

    /** Of less, the headers would be the larger part. */
    private static final int WORTH_COMPRESSING = 4096;

    private final int status;
    private final String json;

    public JsonAnswer(int status, String json) {
        this.status = status;
        this.json = json;
    }

    /** {@code {"error": sentence}}. */
    public static HttpResponse problem(int status, String sentence) {
        return new JsonAnswer(status, GateJson.text(Map.of("error", sentence)));
    }

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        if (status == HttpServletResponse.SC_OK) {
            String tag = tag(body);
            response.setHeader("ETag", tag);
            if (request != null && tag.equals(request.getHeader("If-None-Match"))) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return;
            }
        }
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (body.length > WORTH_COMPRESSING && accepts(request, "gzip")) {
            response.setHeader("Content-Encoding", "gzip");
            try (GZIPOutputStream packed = new GZIPOutputStream(response.getOutputStream())) {
                packed.write(body);
            }
        } else {
            response.getOutputStream().write(body);
        }
    }

    private static boolean accepts(@CheckForNull StaplerRequest2 request, String encoding) {
        String accepted = request == null ? null : request.getHeader("Accept-Encoding");
        return accepted != null && accepted.contains(encoding);
    }

    /** The same for the same content: a page that asks again and again is sent only what is new. */
    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
