package io.jenkins.plugins.gitops.pages;

import io.jenkins.plugins.gitops.engine.gate.GateJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** JSON with a status that means what it says: a decision that was refused is never a success. */
public final class JsonAnswer implements HttpResponse {

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
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }
}
