package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Items, in the order of the text. */
public final class SequenceNode extends YamlNode {

    private final boolean flow;
    private final List<YamlNode> items = new ArrayList<>();

    SequenceNode(Place place, boolean flow) {
        super(place);
        this.flow = flow;
    }
    public List<YamlNode> items() {
        return Collections.unmodifiableList(items);
    }

    void add(YamlNode item) {
        items.add(item);
    }

    @Override
    boolean isFlow() {
        return flow;
    }

    @Override
    public String kind() {
        return switch (items.size()) {
            case 0 -> "an empty list";
            case 1 -> "a list of one item";
            default -> "a list of " + items.size() + " items";
        };
    }
}
