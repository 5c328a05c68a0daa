package io.jenkins.plugins.gitops.pages.gate;

import hudson.model.Failure;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * A decision that the gate did not take, in one sentence: Jenkins' page for a browser that goes there, JSON for a
 * script that asks.
 */
final class RefusedDecision extends Failure {

    private static final long serialVersionUID = 1L;

    RefusedDecision(String sentence) {
        super(sentence);
    }

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
            throws IOException, ServletException {
        String accepted = request.getHeader("Accept");
        if (accepted != null && accepted.contains("text/html")) {
            super.generateResponse(request, response, node);
        } else {
            new JsonAnswer(400, GateJson.text(Map.of("message", getMessage())))
                    .generateResponse(request, response, node);
        }
    }
}
