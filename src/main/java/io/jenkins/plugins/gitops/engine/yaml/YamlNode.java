package io.jenkins.plugins.gitops.engine.yaml;

/**
 * A value and its place in the text. Nodes are compared by identity: two equal values at two places are two nodes, and a
 * node belongs to the one {@link YamlFile} it was read from.
 */
public abstract sealed class YamlNode permits ScalarNode, AliasNode, MappingNode, SequenceNode {

    private final Place place;

    YamlNode(Place place) {
        this.place = place;
    }

    /** Where anchor or tag begin, or else the content. */
    int start() {
        return place.start();
    }

    /** Where the content begins, behind anchor and tag. */
    int contentStart() {
        return place.contentStart();
    }

    /** Behind the last character that belongs to it; without blank lines and comments that follow. */
    int end() {
        return place.end();
    }

    /** Index among the file's events. */
    int firstEvent() {
        return place.firstEvent();
    }

    /** Inclusive. */
    int lastEvent() {
        return place.lastEvent();
    }

    /** Whether it is a map or list in brackets. */
    boolean isFlow() {
        return false;
    }

    /** What it is, in a user's words; never the value itself, which may be a secret. */
    public abstract String kind();

    /** Where a node is in the text and among the events. */
    record Place(int start, int contentStart, int end, int firstEvent, int lastEvent) {}
}
