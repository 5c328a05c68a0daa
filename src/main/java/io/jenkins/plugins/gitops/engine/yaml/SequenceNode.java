package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;

/** Items, in the order of the text. */
public final class SequenceNode extends YamlNode {

    private final boolean flow;
    private final List<YamlNode> items;

    SequenceNode(Place place, boolean flow, List<YamlNode> items) {
        super(place);
        this.flow = flow;
        this.items = List.copyOf(items);
    }

    public List<YamlNode> items() {
        return items;
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
