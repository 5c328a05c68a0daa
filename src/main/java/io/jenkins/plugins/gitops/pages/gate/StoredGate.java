package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A gate's events as files keep them: JSON, one event on a line, because XStream cannot read records back. The
 * list is replaced and never changed, so that a run which is saved at the same time writes a whole one.
 */
public final class StoredGate implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(StoredGate.class.getName());

    private final String id;
    private volatile ArrayList<String> events;
    private volatile ArrayList<String> untold;
    private transient volatile Folded folded;

    /** @param events the very list that the gate was made of */
    private record Folded(ArrayList<String> events, Optional<Gate> gate) {}

    /**
     * What a file keeps of a gate, beside its id.
     *
     * @param events as JSON, in order
     * @param untold those that listeners have not heard of, as far as is known
     */
    public record Kept(List<String> events, List<String> untold) {

        public Kept {
            events = List.copyOf(events);
            untold = List.copyOf(untold);
        }
    }

    StoredGate(String id) {
        this(id, new Kept(List.of(), List.of()));
    }

    /** One that was kept. */
    public StoredGate(String id, Kept kept) {
        this.id = id;
        this.events = new ArrayList<>(kept.events());
        this.untold = new ArrayList<>(kept.untold());
    }

    public String id() {
        return id;
    }

    public Kept kept() {
        return new Kept(events, lines(untold));
    }

    /** As its events make it; empty before the first. Read once, however often pages ask: only an event changes it. */
    public Optional<Gate> gate() {
        ArrayList<String> now = events;
        Folded known = folded;
        if (known == null || known.events() != now) {
            known = new Folded(now, restore(now));
            folded = known;
        }
        return known.gate();
    }

    private Optional<Gate> restore(List<String> lines) {
        Optional<Gate> gate = Gate.restore(lines);
        int skipped = gate.map(Gate::skipped).orElse(lines.size());
        if (skipped > 0) {
            LOGGER.log(
                    Level.WARNING,
                    "Skipped {0} of {1} stored events of the gate {2}, which could not be read",
                    new Object[] {skipped, lines.size(), id});
        }
        return gate;
    }

    void append(GateEvent event) {
        String line = GateJson.write(event);
        ArrayList<String> longer = new ArrayList<>(events);
        longer.add(line);
        events = longer;
        if (PromotionEvent.isNews(event)) {
            ArrayList<String> more = new ArrayList<>(lines(untold));
            more.add(line);
            untold = more;
        }
    }

    /** Events that listeners have not heard of, as far as is known: after a crash they are told again. */
    List<GateEvent> untold() {
        return lines(untold).stream()
                .filter(events::contains)
                .map(GateJson::read)
                .toList();
    }

    void told(GateEvent event) {
        ArrayList<String> rest = new ArrayList<>(lines(untold));
        rest.remove(GateJson.write(event));
        untold = rest;
    }

    /** Files of earlier versions have no such list. */
    private static List<String> lines(@CheckForNull List<String> kept) {
        return kept == null ? List.of() : kept;
    }

    void removeLast() {
        events = new ArrayList<>(events.subList(0, events.size() - 1));
    }
}
