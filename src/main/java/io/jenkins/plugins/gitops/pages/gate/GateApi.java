package io.jenkins.plugins.gitops.pages.gate;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.google.common.base.Suppliers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * Reads the gates of a run or of a job, and decides about them (docs/openapi.yaml). Who calls is authenticated and authorised here,
 * at the moment of the decision; the rules are the engine's.
 */
public final class GateApi {

    private final GateRecords gates;

    GateApi(GateRecords gates) {
        this.gates = gates;
    }

    /**
     * A gate as somebody sees it.
     *
     * @param approveRefusal why an approval of theirs would be refused now, or null
     * @param approveNext one sentence: what their approval would lead to, or null where it would be refused
     * @param withdrawable whether they have approved and may still withdraw it
     */
    private record SeenGate(
            @JsonUnwrapped GateView gate,
            @CheckForNull String approveRefusal,
            @CheckForNull String approveNext,
            boolean withdrawable) {}

    /** The gates as JSON: an array of {@link GateView}, each with what whoever asks needs to know. */
    @GET
    public HttpResponse doGates() {
        gates.place().checkPermission(GitOpsPermissions.VIEW);
        Supplier<Person> person = Suppliers.memoize(() -> CurrentPerson.at(gates.place()));
        return new JsonAnswer(
                200,
                GateJson.text(
                        gates.views().stream().map(view -> seen(view, person)).toList()));
    }

    private SeenGate seen(GateView view, Supplier<Person> person) {
        if (view.status() != GateStatus.OPEN) {
            return new SeenGate(view, null, null, false);
        }
        Optional<LiveGate> live = GitOpsServices.get().gates().find(view.id());
        if (live.isEmpty()) {
            return new SeenGate(view, Messages.GateApi_notLive(), null, false);
        }
        GateRecords.Preview preview = gates.preview(live.get(), person.get());
        return new SeenGate(view, preview.refusal(), preview.next(), gates.mayWithdraw(live.get(), person.get()));
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
        return decide(gate, decision, (state, click) -> GateDecisions.approve(state, click, text(comment)));
    }

    @RequirePOST
    public HttpResponse doWithdraw(@QueryParameter String gate, @QueryParameter String decision) {
        return decide(gate, decision, GateDecisions::withdraw);
    }

    @RequirePOST
    public HttpResponse doReject(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String reason) {
        return decide(gate, decision, (state, click) -> GateDecisions.reject(state, click, text(reason)));
    }

    @RequirePOST
    public HttpResponse doTick(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String item) {
        return decide(gate, decision, (state, click) -> GateDecisions.tick(state, click, text(item)));
    }

    @RequirePOST
    public HttpResponse doUntick(
            @QueryParameter String gate, @QueryParameter String decision, @QueryParameter String item) {
        return decide(gate, decision, (state, click) -> GateDecisions.untick(state, click, text(item)));
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
        return decide(gate, decision, (state, click) -> GateDecisions.override(state, click, text(reason), skipped));
    }

    private HttpResponse decide(String id, String decision, BiFunction<Gate, GateDecisions.Decision, GateEvent> rule) {
        gates.place().checkPermission(GitOpsPermissions.VIEW);
        String gate = text(id);
        if (gates.find(gate).isEmpty()) {
            return JsonAnswer.problem(404, Messages.GateApi_unknownGate(gate));
        }
        if (text(decision).isEmpty()) {
            return JsonAnswer.problem(422, Messages.GateApi_noDecision());
        }
        Optional<LiveGate> open = GitOpsServices.get().gates().find(gate);
        if (open.isEmpty()) {
            return ended(gates.views(), gate);
        }
        try {
            open.get().decide(decision, CurrentPerson.at(gates.place()), rule);
            return new JsonAnswer(200, GateJson.text(List.of(open.get().view())));
        } catch (GateRefusedException refused) {
            return JsonAnswer.problem(status(refused.kind()), refused.getMessage());
        }
    }

    /** Why nobody can decide any more about a gate that is no longer open. */
    private static HttpResponse ended(List<GateView> views, String gate) {
        String explanation = views.stream()
                .filter(view -> view.id().equals(gate))
                .map(GateView::explanation)
                .findFirst()
                .orElseGet(Messages::GateApi_closed);
        return JsonAnswer.problem(409, Messages.GateApi_nothingChanged(explanation));
    }

    private static int status(GateRefusedException.Kind kind) {
        return switch (kind) {
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
            case INVALID -> 422;
        };
    }

    private static String text(@CheckForNull String parameter) {
        return parameter == null ? "" : parameter.strip();
    }
}
