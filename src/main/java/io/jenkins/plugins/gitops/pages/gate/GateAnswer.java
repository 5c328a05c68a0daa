package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.pages.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** JSON with a status that means what it says: a decision that was refused is never a success. */
public final class GateAnswer implements HttpResponse {

    private final int status;
    private final byte[] json;

    /** @param json in UTF-8; not changed afterwards */
    public GateAnswer(int status, @NonNull byte[] json) {
        this.status = status;
        this.json = json;
    }

    public GateAnswer(int status, @NonNull String json) {
        this(status, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The gate after the decision, in an array; or why it was refused. */
    @NonNull
    static HttpResponse of(@NonNull LiveGate gate, @NonNull Consumer<LiveGate> decision) {
        try {
            decision.accept(gate);
            return new GateAnswer(200, GateJson.bytes(List.of(gate.view())));
        } catch (GateRefusedException refused) {
            return problem(status(refused.kind()), refused.getMessage());
        }
    }

    /** Why nobody can decide any more about a gate that is no longer open. */
    @NonNull
    static HttpResponse ended(@NonNull List<GateView> views, @NonNull String gate) {
        String explanation = views.stream()
                .filter(view -> view.id().equals(gate))
                .map(GateView::explanation)
                .findFirst()
                .orElseGet(Messages::GateAnswer_closed);
        return problem(409, Messages.GateAnswer_nothingChanged(explanation));
    }

    @NonNull
    public static HttpResponse problem(int status, @NonNull String sentence) {
        return new GateAnswer(status, GateJson.problem(sentence));
    }

    private static int status(GateRefusedException.Kind kind) {
        return switch (kind) {
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
            case INVALID -> 422;
        };
    }

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(json);
    }
}
