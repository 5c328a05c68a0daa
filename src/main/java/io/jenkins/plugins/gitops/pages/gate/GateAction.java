package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import jenkins.management.Badge;
import jenkins.model.RunAction2;
import jenkins.model.Tab;
import jenkins.model.TransientActionFactory;

/**
 * The gates of a run, and the page that shows them. The run's {@code build.xml} names this action only: what happened at
 * the gates is in {@link RunGates}' own file, and brings the action back ({@link Restored}).
 */
public class GateAction extends Tab implements RunAction2, BuildBadgeAction {

    /** Under the run's address. */
    public static final String URL_NAME = "promotion-gate";

    /** What build.xml of earlier versions has; null in any other. */
    @CheckForNull
    private List<StoredGate> gates;

    private transient boolean attached;

    @CheckForNull
    private transient RunGates records;

    public GateAction() {
        this(null);
    }

    /** @param run that has lost this action, or null when it is attached to one next */
    private GateAction(@CheckForNull Run<?, ?> run) {
        super(run);
    }

    /** The run's gates; made and attached when the run has none yet. */
    public static GateRecords of(Run<?, ?> run) {
        return attachedTo(run).getRecords();
    }

    private static GateAction attachedTo(Run<?, ?> run) {
        synchronized (run) {
            return attached(run).orElseGet(() -> {
                GateAction made = new GateAction();
                made.onAttached(run);
                run.addAction(made);
                return made;
            });
        }
    }

    /** That in the run's build.xml: {@link Restored} is not asked. */
    @SuppressWarnings("deprecation")
    private static Optional<GateAction> attached(Run<?, ?> run) {
        return run.getActions().stream()
                .filter(GateAction.class::isInstance)
                .map(GateAction.class::cast)
                .findFirst();
    }

    private static Optional<GateRecords> find(Run<?, ?> run) {
        return attached(run).isPresent() || RunGates.areKept(run) ? Optional.of(of(run)) : Optional.empty();
    }

    /** One of the run's gates as the run has kept it; empty when there is no such gate. */
    public static Optional<Gate> gate(Run<?, ?> run, String gate) {
        return find(run).flatMap(gates -> gates.gate(gate));
    }

    public GateRecords getRecords() {
        return runGates();
    }

    /** Read when they are asked for first: a list of runs loads many whose gates nobody looks at. */
    private RunGates runGates() {
        if (!attached) {
            return attachedTo(run()).runGates();
        }
        synchronized (this) {
            if (records == null) {
                records = RunGates.read(run(), gates == null ? List.of() : gates);
                gates = records.isSaved() ? null : gates;
            }
            return records;
        }
    }

    private Run<?, ?> run() {
        return (Run<?, ?>) object;
    }

    /** Why not all gates are shown; null when they are. */
    @CheckForNull
    public String getProblem() {
        return runGates().problem();
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public GateApi getV1() {
        return getRecords().getV1();
    }

    /** How many gates wait, for the run's tab and its entry in the list of builds; null when none does. */
    @Override
    @CheckForNull
    public Badge getBadge() {
        long open = getRecords().open();
        return open == 0 ? null : new Badge(Long.toString(open), Messages.GateAction_open(open), Badge.Severity.INFO);
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        object = r;
        attached = true;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        onAttached(r);
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return run().hasPermission(GitOpsPermissions.VIEW)
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
            find(run).ifPresent(gates -> gates.close(reason));
        }
    }

    /**
     * Gives the action back to runs that were saved while the plugin was disabled: Jenkins leaves out of build.xml what it
     * does not know. Asks the disk once for each run that Jenkins has loaded.
     */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Restored extends TransientActionFactory<Run> {

        private final Set<Run<?, ?>> without =
                Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @Override
        public Class<GateAction> actionType() {
            return GateAction.class;
        }

        @Override
        public Collection<? extends Action> createFor(Run target) {
            Run<?, ?> run = target;
            if (without.contains(run) || attached(run).isPresent()) {
                return List.of();
            }
            if (!RunGates.areKept(run)) {
                without.add(run);
                return List.of();
            }
            return List.of(new GateAction(run));
        }
    }
}
