package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads Argo CD's event stream line by line: {@code data: {"result": {"type": …, "application": …}}}, comments that
 * keep the connection up, and {@code {"error": …}} before the server gives up.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>
 */
final class ApplicationEvents {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data:";

    private final String namespace;
    private final StreamListener listener;
    private final AtomicBoolean ended = new AtomicBoolean();

    ApplicationEvents(String namespace, StreamListener listener) {
        this.namespace = namespace;
        this.listener = listener;
    }

    void line(String line) {
        if (ended.get()) {
            return;
        }
        if (!line.startsWith(DATA)) {
            listener.bookmark("");
            return;
        }
        try {
            event(JSON.readTree(line.substring(DATA.length())));
        } catch (JsonProcessingException cut) {
            // The connection was cut in the middle of an event, or something between us and the server broke it.
            end(Optional.of(new ArgoCdException(
                    Reason.UNAVAILABLE, "Argo CD's event stream broke off in the middle of an event.", cut)));
        }
    }

    private void event(JsonNode message) {
        if (message.has("error")) {
            JsonNode error = message.path("error");
            end(Optional.of(new ArgoCdException(
                    ArgoCdException.reasonOf(error.path("http_code").asInt()),
                    "Argo CD ended its event stream: " + error.path("message").asText("no reason given") + ".",
                    null)));
            return;
        }
        JsonNode result = message.path("result");
        JsonNode application = result.path("application");
        JsonNode metadata = application.path("metadata");
        if (!metadata.path("namespace").asText().equals(namespace)) {
            listener.bookmark("");
        } else if (result.path("type").asText().equals("DELETED")) {
            listener.deleted(
                    new ApplicationName(namespace, metadata.path("name").asText()),
                    metadata.path("resourceVersion").asText());
        } else {
            listener.changed(ApplicationReader.read(application));
        }
    }

    /** Only the first end counts. */
    void end(Optional<ArgoCdException> cause) {
        if (ended.compareAndSet(false, true)) {
            listener.ended(cause);
        }
    }

    /** Closed by us: nothing more is to be heard. */
    void mute() {
        ended.set(true);
    }
}
