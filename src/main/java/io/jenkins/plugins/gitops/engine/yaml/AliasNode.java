package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code *name}: the node that bears the anchor {@code &name} stands here too. */
public final class AliasNode extends YamlNode {

    private final String name;
    private final YamlNode target;

    AliasNode(Place place, String name, YamlNode target) {
        super(place);
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
    @NonNull
    public String kind() {
        return "the alias *" + Shortened.name(name);
    }
}
