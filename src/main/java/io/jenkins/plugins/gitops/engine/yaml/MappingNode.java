package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keys and values, in the order of the text. */
public final class MappingNode extends YamlNode {

    private final boolean flow;
    private final List<Entry> entries = new ArrayList<>();
    private int end;
    private int lastEvent;

    MappingNode(Place place, boolean flow) {
        super(place);
        this.flow = flow;
    }

    /** One key with its value. */
    public record Entry(@NonNull YamlNode key, @NonNull YamlNode value) {

        /** The key's text; empty if the key is not a scalar. */
        @NonNull
        public Optional<String> name() {
            return key instanceof ScalarNode scalar ? Optional.of(scalar.value()) : Optional.empty();
        }

        boolean isNamed(String name) {
            return key instanceof ScalarNode scalar && scalar.value().equals(name);
        }

        /** {@code <<}: the keys of the value count as keys of the mapping, behind its own. */
        boolean isMerge() {
            return key instanceof ScalarNode scalar
                    && scalar.value().equals("<<")
                    && scalar.style() == ParseEvent.Style.PLAIN;
        }

        int end() {
            return Math.max(key.end(), value.end());
        }
    }

    @NonNull
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** The entries that bear the name, without merged ones: more than one if the key is duplicated. */
    @NonNull
    public List<Entry> named(@NonNull String name) {
        List<Entry> found = new ArrayList<>(1);
        for (Entry entry : entries) {
            if (entry.isNamed(name)) {
                found.add(entry);
            }
        }
        return found;
    }

    boolean isFlow() {
        return flow;
    }

    void add(Entry entry) {
        entries.add(entry);
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
        if (entries.isEmpty()) {
            return "an empty map";
        }
        return entries.stream()
                .map(entry -> Shortened.name(entry.name().orElse("?")))
                .limit(12)
                .collect(Collectors.joining(", ", "a map of ", entries.size() > 12 ? ", …" : ""));
    }
}
