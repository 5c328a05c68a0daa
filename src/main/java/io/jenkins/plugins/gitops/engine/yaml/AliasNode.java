package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code *name}: the node that bears the anchor {@code &name} stands here too. */
public final class AliasNode extends YamlNode {

    private final int end;
    private final String name;
    private final YamlNode target;

    AliasNode(Place place, int end, String name, YamlNode target) {
        super(place);
        this.end = end;
        this.name = name;
        this.target = target;
    }

    /** Without the {@code *}. */
    @NonNull
    public String name() {
        return name;
    }

    /** The anchored node; never an alias. */
    @NonNull
    public YamlNode target() {
        return target;
    }

    @Override
    int end() {
        return end;
    }

    @Override
    int lastEvent() {
        return firstEvent();
    }

    @Override
    @NonNull
    public String kind() {
        return "the alias *" + name;
    }
}
