package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.engine.promotion.Gate;
import io.jenkins.plugins.gitops.engine.promotion.GateEvent;
import io.jenkins.plugins.gitops.engine.promotion.GateJson;
import io.jenkins.plugins.gitops.engine.promotion.GateKeeper;
import io.jenkins.plugins.gitops.engine.promotion.GateRules;
import io.jenkins.plugins.gitops.engine.promotion.GateStatus;
import io.jenkins.plugins.gitops.engine.promotion.GateView;
import io.jenkins.plugins.gitops.engine.promotion.OpenGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.management.Badge;
import jenkins.model.RunAction2;
import jenkins.model.Tab;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The gates of a run: their events, kept with the run, and the endpoints that read them and decide. Who calls is
 * authenticated and authorised here, at the moment of the decision; the rules are the engine's.
 */
public class GateAction extends Tab implements RunAction2 {

    /** Under the run's address. */
    public static final String URL_NAME = "promotion-gate";

    private final List<StoredGate> gates = new ArrayList<>();
    private transient Run<?, ?> run;

    public GateAction() {
        super(null);
    }

    /** The run's gates; made and attached when the run has none yet. */
    @NonNull
    public static GateAction of(@NonNull Run<?, ?> run) {
        synchronized (run) {
            GateAction action = run.getAction(GateAction.class);
            if (action == null) {
                action = new GateAction();
                action.onAttached(run);
                run.addAction(action);
            }
            return action;
        }
    }

    /** The events of one of the run's gates; empty when there is no such gate. */
    @NonNull
    public static List<GateEvent> events(@NonNull Run<?, ?> run, @NonNull String gate) {
        GateAction action = run.getAction(GateAction.class);
        return action == null
                ? List.of()
                : action.find(gate).map(StoredGate::events).orElse(List.of());
    }

    /** Appends the gate's events to this run and saves it; an event that could not be saved is taken back. */
    @NonNull
    public GateKeeper.Store store(@NonNull String gate) {
        return event -> {
            synchronized (gates) {
                StoredGate stored = find(gate).orElseGet(() -> {
                    StoredGate made = new StoredGate(gate);
                    gates.add(made);
                    return made;
                });
                stored.append(event);
                try {
                    run.save();
                } catch (IOException e) {
                    stored.removeLast();
                    throw new UncheckedIOException("the gate's run could not be saved", e);
                }
            }
        };
    }

    private Optional<StoredGate> find(String id) {
        synchronized (gates) {
            return gates.stream().filter(stored -> stored.id().equals(id)).findFirst();
        }
    }

    /** What the page shows, in the order in which the gates opened. */
    @NonNull
    public List<GateView> getViews() {
        List<StoredGate> all;
        synchronized (gates) {
            all = List.copyOf(gates);
        }
        return all.stream()
                .filter(stored -> !stored.events().isEmpty())
                .map(stored -> GateView.of(
                        Gate.of(stored.events()),
                        Engines.get()
                                .gates()
                                .find(stored.id())
                                .map(open -> open.keeper().results())
                                .orElse(Map.of()),
                        Engines.get().clock().instant()))
                .toList();
    }

    /** The gates as JSON: an array of {@link GateView}. */
    @GET
    public HttpResponse doGates() {
        run.checkPermission(GitOpsPermissions.VIEW);
        return new GateAnswer(200, GateJson.write(getViews()));
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

    /** How many gates wait, for the run's tab; null when none does. */
    @Override
    @CheckForNull
    public Badge getBadge() {
        long open = getViews().stream()
                .filter(view -> view.status() == GateStatus.OPEN)
                .count();
        return open == 0 ? null : new Badge(Long.toString(open), Messages.GateAction_open(open), Badge.Severity.INFO);
    }

    /** Whether the page offers to approve; the decision itself is checked again, against the gate's own approvers too. */
    public boolean isApprover() {
        return run.hasPermission(GitOpsPermissions.APPROVE);
    }

    /** Whether the page offers to override. */
    public boolean isOverrider() {
        return run.hasPermission(GitOpsPermissions.OVERRIDE);
    }

    private HttpResponse decide(String id, String decision, GateKeeper.Rule rule) {
        run.checkPermission(GitOpsPermissions.VIEW);
        String gate = text(id);
        if (find(gate).isEmpty()) {
            return GateAnswer.problem(404, "There is no gate '" + gate + "' in this run: reload the page.");
        }
        if (text(decision).isEmpty()) {
            return GateAnswer.problem(422, "The request has no decision id: reload the page.");
        }
        Optional<OpenGate> open = Engines.get().gates().find(gate);
        if (open.isEmpty()) {
            return GateAnswer.ended(getViews(), gate);
        }
        return GateAnswer.of(
                () -> open.get().decide(decision, CurrentPerson.at(run), rule),
                open.get(),
                Engines.get().clock());
    }

    private static String text(String parameter) {
        return parameter == null ? "" : parameter.strip();
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        object = r;
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        object = r;
        run = r;
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return run.hasPermission(GitOpsPermissions.VIEW) ? "symbol-shield-checkmark-outline plugin-ionicons-api" : null;
    }

    @Override
    @NonNull
    public String getDisplayName() {
        return Messages.GateAction_displayName();
    }

    @Override
    @NonNull
    public String getUrlName() {
        return URL_NAME;
    }
}
