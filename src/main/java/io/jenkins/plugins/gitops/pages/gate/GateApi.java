package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateRules;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * Reads the gates of a run, and decides about them (docs/openapi.yaml). Who calls is authenticated and authorised here,
 * at the moment of the decision; the rules are the engine's.
 */
public final class GateApi {

    private final GateAction gates;
    private final Run<?, ?> run;

    GateApi(@NonNull GateAction gates, @NonNull Run<?, ?> run) {
        this.gates = gates;
        this.run = run;
    }

    /** The gates as JSON: an array of {@link GateView}. */
    @GET
    public HttpResponse doGates() {
        run.checkPermission(GitOpsPermissions.VIEW);
        return new GateAnswer(200, GateJson.bytes(gates.getViews()));
    }

    /**
     * Approves.
     *
     * @param gate id
     * @param decision unique id of the click, so that a repeated request counts once
     */
    @RequirePOST
    public HttpResponse doApprove(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String comment) {
        return decide(gate, decision, (state, click) -> GateRules.approve(state, click, text(comment)));
    }

    @RequirePOST
    public HttpResponse doWithdraw(@QueryParameter String gate, @QueryParameter String decision) {
        return decide(gate, decision, GateRules::withdraw);
    }

    @RequirePOST
    public HttpResponse doReject(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String reason) {
        return decide(gate, decision, (state, click) -> GateRules.reject(state, click, text(reason)));
    }

    @RequirePOST
    public HttpResponse doTick(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String item) {
        return decide(gate, decision, (state, click) -> GateRules.tick(state, click, text(item)));
    }

    @RequirePOST
    public HttpResponse doUntick(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String item) {
        return decide(gate, decision, (state, click) -> GateRules.untick(state, click, text(item)));
    }

    /** @param skip ids of requirements, separated by commas */
    @RequirePOST
    public HttpResponse doOverride(
            @QueryParameter String gate,
            @QueryParameter String decision,
            @QueryParameter String reason,
            @QueryParameter String skip) {
        Set<String> skipped = new HashSet<>(Arrays.asList(text(skip).split("\\s*,\\s*")));
        skipped.remove("");
        return decide(gate, decision, (state, click) -> GateRules.override(state, click, text(reason), skipped));
    }

    private HttpResponse decide(String id, String decision, LiveGate.Rule rule) {
        run.checkPermission(GitOpsPermissions.VIEW);
        String gate = text(id);
        if (gates.find(gate).isEmpty()) {
            return GateAnswer.problem(404, Messages.GateApi_unknownGate(gate));
        }
        if (text(decision).isEmpty()) {
            return GateAnswer.problem(422, Messages.GateApi_noDecision());
        }
        Optional<LiveGate> open = GitOpsServices.get().gates().find(gate);
        if (open.isEmpty()) {
            return GateAnswer.ended(gates.getViews(), gate);
        }
        return GateAnswer.of(open.get(), gateNow -> gateNow.decide(decision, CurrentPerson.at(run), rule));
    }

    private static String text(String parameter) {
        return parameter == null ? "" : parameter.strip();
    }
}
