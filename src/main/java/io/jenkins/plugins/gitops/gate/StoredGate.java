package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.promotion.GateEvent;
import io.jenkins.plugins.gitops.engine.promotion.GateJson;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A gate's events as build.xml keeps them: JSON, one event on a line, because XStream cannot read records back. The
 * list is replaced and never changed, so that a run which is saved at the same time writes a whole one.
 */
final class StoredGate implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String id;
    private volatile ArrayList<String> events = new ArrayList<>();

    StoredGate(@NonNull String id) {
        this.id = id;
    }

    @NonNull
    String id() {
        return id;
    }

    @NonNull
    List<GateEvent> events() {
        return GateJson.read(events);
    }

    void append(@NonNull GateEvent event) {
        ArrayList<String> longer = new ArrayList<>(events);
        longer.add(GateJson.write(event));
        events = longer;
    }

    void removeLast() {
        events = new ArrayList<>(events.subList(0, events.size() - 1));
    }
}
