package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.management.Badge;
import jenkins.model.RunAction2;
import jenkins.model.Tab;

/**
 * The gates of a run: their events, kept with the run, and the page that shows them.
 */
public class GateAction extends Tab implements RunAction2, BuildBadgeAction {

    /** Under the run's address. */
    public static final String URL_NAME = "promotion-gate";

    private static final Logger LOGGER = Logger.getLogger(GateAction.class.getName());

    private final List<StoredGate> gates = new ArrayList<>();
    private transient Run<?, ?> run;

    public GateAction() {
        super(null);
    }

    /** The run's gates; made and attached when the run has none yet. */
    public static GateAction of(Run<?, ?> run) {
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

    /** One of the run's gates as the run has kept it; empty when there is no such gate. */
    public static Optional<Gate> gate(Run<?, ?> run, String gate) {
        GateAction action = run.getAction(GateAction.class);
        return action == null ? Optional.empty() : action.find(gate).flatMap(StoredGate::gate);
    }

    /** Appends the gate's events to this run and saves it; an event that could not be saved is taken back. */
    public GateOwner store(String gate) {
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

    /** Events of a gate that listeners have not heard of, as far as the run knows. */
    public List<GateEvent> untold(String gate) {
        synchronized (gates) {
            return find(gate).map(StoredGate::untold).orElse(List.of());
        }
    }

    /** Listeners have heard of an event: a restart does not tell it again. */
    public void told(String gate, GateEvent event) {
        synchronized (gates) {
            find(gate).ifPresent(stored -> stored.told(event));
            try {
                run.save();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "An event of a gate of " + run + " may be told again", e);
            }
        }
    }

    Optional<StoredGate> find(String id) {
        synchronized (gates) {
            return gates.stream().filter(stored -> stored.id().equals(id)).findFirst();
        }
    }

    /** What the page shows, in the order in which the gates opened. */
    public List<GateView> getViews() {
        return all().map(this::view).toList();
    }

    private Stream<Gate> all() {
        List<StoredGate> all;
        synchronized (gates) {
            all = List.copyOf(gates);
        }
        return all.stream().flatMap(stored -> stored.gate().stream()).map(this::orClosed);
    }

    /** A run that was killed, or did not resume, ends without a word from its step: then its gate is closed, too. */
    private Gate orClosed(Gate gate) {
        boolean abandoned = gate.status() == GateStatus.OPEN
                && !run.isBuilding()
                && live(gate).isEmpty();
        return abandoned ? gate.with(new GateEvent.Closed(gate.last().at(), Messages.GateAction_runEnded())) : gate;
    }

    private GateView view(Gate gate) {
        Instant now = GitOpsServices.get().clock().instant();
        Optional<LiveGate> live = live(gate);
        return gate.status() == GateStatus.OPEN && live.isEmpty()
                ? GateView.of(
                        gate, Messages.GateAction_notResumed(gate.subject().target()), now)
                : GateView.of(gate, live.map(LiveGate::results).orElse(Map.of()), now);
    }

    private static Optional<LiveGate> live(Gate gate) {
        return GitOpsServices.get().gates().find(gate.subject().gate());
    }

    /** Nobody waits for the run's gates any more. */
    private void close(String reason) {
        all().flatMap(gate -> live(gate).stream()).forEach(live -> {
            try {
                live.close(reason);
            } catch (RuntimeException notKept) {
                LOGGER.log(Level.WARNING, "The end of a gate of " + run + " could not be saved", notKept);
            }
        });
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public GateApi getV1() {
        return new GateApi(this, run);
    }

    /** How many gates wait, for the run's tab and its entry in the list of builds; null when none does. */
    @Override
    @CheckForNull
    public Badge getBadge() {
        long open = all().filter(gate -> gate.status() == GateStatus.OPEN).count();
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
    public String getDisplayName() {
        return Messages.GateAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /**
     * Closes the gates of a run that ends or is deleted. A step that is stopped closes its gate itself, but a run that is
     * killed, or that cannot resume, stops no step; its gate would keep other promotions of the target waiting.
     */
    @Extension
    public static final class Ends extends RunListener<Run<?, ?>> {

        @Override
        public void onFinalized(Run<?, ?> ended) {
            close(ended, Messages.GateAction_runEnded());
        }

        @Override
        public void onDeleted(Run<?, ?> deleted) {
            close(deleted, Messages.GateAction_runDeleted());
        }

        private static void close(Run<?, ?> run, String reason) {
            GateAction gates = run.getAction(GateAction.class);
            if (gates != null) {
                gates.close(reason);
            }
        }
    }
}
