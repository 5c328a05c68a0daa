package io.jenkins.plugins.gitops.engine.yaml;

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
    public String name() {
        return name;
    }

    /** The anchored node; never an alias. */
    public YamlNode target() {
        return target;
    }

    @Override
    public String kind() {
        return "the alias *" + Shortened.name(name);
    }
}
