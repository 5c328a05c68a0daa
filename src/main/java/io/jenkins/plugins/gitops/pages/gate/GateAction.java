package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.management.Badge;
import jenkins.model.RunAction2;
import jenkins.model.Tab;

/** The gates of a run, kept with the run, and the page that shows them. */
public class GateAction extends Tab implements RunAction2, BuildBadgeAction {

    /** Under the run's address. */
    public static final String URL_NAME = "promotion-gate";

    private final List<StoredGate> gates = new ArrayList<>();
    private transient GateRecords records;

    public GateAction() {
        super(null);
    }

    /** The run's gates; made and attached when the run has none yet. */
    public static GateRecords of(Run<?, ?> run) {
        synchronized (run) {
            GateAction action = run.getAction(GateAction.class);
            if (action == null) {
                action = new GateAction();
                action.onAttached(run);
                run.addAction(action);
            }
            return action.getRecords();
        }
    }

    /** One of the run's gates as the run has kept it; empty when there is no such gate. */
    public static Optional<Gate> gate(Run<?, ?> run, String gate) {
        GateAction action = run.getAction(GateAction.class);
        return action == null ? Optional.empty() : action.getRecords().gate(gate);
    }

    /** They save the run with each event. */
    private static final class RunGates extends GateRecords {

        private final Run<?, ?> run;

        RunGates(List<StoredGate> gates, Run<?, ?> run) {
            super(gates);
            this.run = run;
        }

        @Override
        protected AccessControlled place() {
            return run;
        }

        @Override
        public String getEndpoint() {
            return run.getUrl() + URL_NAME + "/";
        }

        @Override
        protected void save(StoredGate changed) throws IOException {
            run.save();
        }

        @Override
        protected boolean isOver() {
            return !run.isBuilding();
        }
    }

    public GateRecords getRecords() {
        return records;
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public GateApi getV1() {
        return records.getV1();
    }

    /** How many gates wait, for the run's tab and its entry in the list of builds; null when none does. */
    @Override
    @CheckForNull
    public Badge getBadge() {
        long open = records.open();
        return open == 0 ? null : new Badge(Long.toString(open), Messages.GateAction_open(open), Badge.Severity.INFO);
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        object = r;
        records = new RunGates(gates, r);
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        onAttached(r);
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return records.place().hasPermission(GitOpsPermissions.VIEW)
                ? "symbol-shield-checkmark-outline plugin-ionicons-api"
                : null;
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
                gates.getRecords().close(reason);
            }
        }
    }
}
