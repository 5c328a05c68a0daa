package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The gates of a run or of a job: their events, as they are kept, and what their page shows. Its view {@code panel.jelly}
 * is what the page's script fills.
 */
public abstract class GateRecords {

    private static final Logger LOGGER = Logger.getLogger(GateRecords.class.getName());

    private final List<StoredGate> gates;

    /** @param gates changed here alone, and only while its lock is held */
    protected GateRecords(List<StoredGate> gates) {
        this.gates = gates;
    }

    /** Where people need their permissions. */
    protected abstract AccessControlled place();

    /** Full name of the job that they belong to. */
    protected abstract String job();

    /** Of the page, relative to Jenkins, with a final slash. */
    public abstract String getEndpoint();

    /** Keeps a gate as it is now. */
    protected abstract void save(StoredGate changed) throws IOException;

    /** Whether nobody waits for these gates any more. */
    protected abstract boolean isOver();

    /** Appends the gate's events and saves them; an event that could not be saved is taken back. */
    public GateOwner store(String gate) {
        OpenGates.get().add(gate, this);
        return event -> {
            synchronized (gates) {
                StoredGate stored = find(gate).orElseGet(() -> {
                    StoredGate made = new StoredGate(gate);
                    gates.add(made);
                    return made;
                });
                stored.append(event);
                try {
                    save(stored);
                } catch (IOException e) {
                    stored.removeLast();
                    throw new UncheckedIOException("the gate's events could not be saved", e);
                }
                if (stored.gate().filter(now -> now.status() == GateStatus.OPEN).isEmpty()) {
                    OpenGates.get().remove(gate);
                }
            }
        };
    }

    /** Events of a gate that listeners have not heard of, as far as is known. */
    public List<GateEvent> untold(String gate) {
        synchronized (gates) {
            return find(gate).map(StoredGate::untold).orElse(List.of());
        }
    }

    /** Listeners have heard of an event: a restart does not tell it again. */
    public void told(String gate, GateEvent event) {
        synchronized (gates) {
            find(gate).ifPresent(stored -> {
                stored.told(event);
                try {
                    save(stored);
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, "An event of a gate of " + place() + " may be told again", e);
                }
            });
        }
    }

    Optional<StoredGate> find(String id) {
        synchronized (gates) {
            return gates.stream().filter(stored -> stored.id().equals(id)).findFirst();
        }
    }

    /** A gate as it was kept; empty when there is no such gate. */
    public Optional<Gate> gate(String id) {
        return find(id).flatMap(StoredGate::gate);
    }

    /** What the page shows, in the order in which the gates opened. */
    public List<GateView> views() {
        return all().map(this::view).toList();
    }

    /** For each that waits one sentence, what for; for the run's own page. */
    public List<String> getWaiting() {
        return views().stream()
                .filter(view -> view.status() == GateStatus.OPEN)
                .map(GateView::explanation)
                .toList();
    }

    /** How many wait for a decision or a check. */
    public long open() {
        return all().filter(gate -> gate.status() == GateStatus.OPEN).count();
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
        boolean abandoned =
                gate.status() == GateStatus.OPEN && isOver() && live(gate).isEmpty();
        return abandoned ? gate.with(new GateEvent.Closed(gate.last().at(), Messages.GateAction_runEnded())) : gate;
    }

    private GateView view(Gate gate) {
        Optional<LiveGate> live = live(gate);
        if (live.isPresent()) {
            return live.get().view();
        }
        Instant now = GitOpsServices.get().clock().instant();
        return gate.status() == GateStatus.OPEN
                ? GateView.of(
                        gate, Messages.GateAction_notResumed(gate.subject().target()), now)
                : GateView.of(gate, Map.of(), now);
    }

    private static Optional<LiveGate> live(Gate gate) {
        return GitOpsServices.get().gates().find(gate.subject().gate());
    }

    /** Nobody waits for these gates any more. */
    public void close(String reason) {
        all().flatMap(gate -> live(gate).stream()).forEach(live -> {
            try {
                live.close(reason);
            } catch (RuntimeException notKept) {
                LOGGER.log(Level.WARNING, "The end of a gate of " + place() + " could not be saved", notKept);
            }
        });
    }

    /**
     * What an approval by somebody would lead to now.
     *
     * @param refusal why it would be refused, or null
     * @param next one sentence: what would happen then, or null
     */
    record Preview(
            @CheckForNull String refusal, @CheckForNull String next) {}

    /** Asks the rules without deciding anything. */
    Preview preview(LiveGate live, Person person) {
        Instant now = GitOpsServices.get().clock().instant();
        Gate gate = live.gate();
        try {
            return new Preview(null, GateMessages.next(gate.with(approval(gate, person, now)), live.results(), now));
        } catch (GateRefusedException refused) {
            return new Preview(String.valueOf(refused.getMessage()), null);
        }
    }

    /** The first half of it, which costs less. */
    Optional<String> approveRefusal(LiveGate live, Person person) {
        try {
            approval(live.gate(), person, GitOpsServices.get().clock().instant());
            return Optional.empty();
        } catch (GateRefusedException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static GateEvent approval(Gate gate, Person person, Instant now) {
        return GateDecisions.approve(gate, new GateDecisions.Decision("preview", person, now), "");
    }

    /** Whether somebody has approved and may still think again. */
    boolean mayWithdraw(LiveGate live, Person person) {
        Instant now = GitOpsServices.get().clock().instant();
        try {
            GateDecisions.withdraw(live.gate(), new GateDecisions.Decision("preview", person, now));
            return true;
        } catch (GateRefusedException refused) {
            return false;
        }
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public GateApi getV1() {
        return new GateApi(this);
    }

    /** Whether the page offers to approve; the decision itself is checked again, against the gate's own approvers too. */
    public boolean isApprover() {
        return place().hasPermission(GitOpsPermissions.APPROVE);
    }

    /** Whether the page offers to override. */
    public boolean isOverrider() {
        return place().hasPermission(GitOpsPermissions.OVERRIDE);
    }
}
