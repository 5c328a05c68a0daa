package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;

/**
 * A value and its place in the text. Nodes are compared by identity: two equal values at two places are two nodes, and a
 * node belongs to the one {@link YamlFile} it was read from.
 */
public abstract sealed class YamlNode permits ScalarNode, AliasNode, MappingNode, SequenceNode {

    private final Place place;

    YamlNode(Place place) {
        this.place = place;
    }

    Place place() {
        return place;
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
    abstract int end();

    int firstEvent() {
        return place.firstEvent();
    }

    /** Inclusive. */
    abstract int lastEvent();

    @NonNull
    public Optional<String> anchor() {
        return Optional.ofNullable(place.anchor());
    }

    /** The explicit tag in its long form, for example {@code tag:yaml.org,2002:str}. */
    @NonNull
    public Optional<String> tag() {
        return Optional.ofNullable(place.tag());
    }

    /** What it is, in a user's words. */
    @NonNull
    public abstract String kind();

    /**
     * Where a node begins.
     *
     * @param anchor or null
     * @param tag or null
     * @param firstEvent index among the file's events
     */
    record Place(int start, int contentStart, String anchor, String tag, int firstEvent) {}
}
