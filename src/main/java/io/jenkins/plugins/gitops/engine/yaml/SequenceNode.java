package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Items, in the order of the text. */
public final class SequenceNode extends YamlNode {

    private final boolean flow;
    private final List<YamlNode> items = new ArrayList<>();
    private int end;
    private int lastEvent;

    SequenceNode(Place place, boolean flow) {
        super(place);
        this.flow = flow;
    }

    @NonNull
    public List<YamlNode> items() {
        return Collections.unmodifiableList(items);
    }

    boolean isFlow() {
        return flow;
    }

    void add(YamlNode item) {
        items.add(item);
    }

    void close(int end, int lastEvent) {
        this.end = end;
        this.lastEvent = lastEvent;
    }

    @Override
    int end() {
        return end;
    }

    @Override
    int lastEvent() {
        return lastEvent;
    }

    @Override
    @NonNull
    public String kind() {
        return switch (items.size()) {
            case 0 -> "an empty list";
            case 1 -> "a list of one item";
            default -> "a list of " + items.size() + " items";
        };
    }
}
