package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Keys and values, in the order of the text. */
public final class MappingNode extends YamlNode {

    private final boolean flow;
    private final List<Entry> entries;

    /** Made when it is first asked for; two threads may make the same. */
    @CheckForNull
    private volatile Map<String, List<Entry>> byName;

    /** @param children each key with its value behind it */
    MappingNode(Place place, boolean flow, List<YamlNode> children) {
        super(place);
        this.flow = flow;
        this.entries = IntStream.range(0, children.size() / 2)
                .mapToObj(i -> new Entry(children.get(2 * i), children.get(2 * i + 1)))
                .toList();
    }

    /** One key with its value. */
    public record Entry(YamlNode key, YamlNode value) {

        /** The key's text; empty if the key is not a scalar. */
        public Optional<String> name() {
            return key instanceof ScalarNode scalar ? Optional.of(scalar.value()) : Optional.empty();
        }

        /** {@code <<}: the keys of the value count as keys of the mapping, behind its own. */
        boolean isMerge() {
            return key instanceof ScalarNode scalar
                    && scalar.isPlain()
                    && scalar.value().equals("<<");
        }

        int end() {
            return Math.max(key.end(), value.end());
        }
    }

    public List<Entry> entries() {
        return entries;
    }

    /** The entries that bear the name, without merged ones: more than one if the key is duplicated. */
    public List<Entry> named(String name) {
        Map<String, List<Entry>> known = byName;
        if (known == null) {
            known = new HashMap<>();
            for (Entry entry : entries) {
                if (entry.key() instanceof ScalarNode scalar) {
                    known.computeIfAbsent(scalar.value(), first -> new ArrayList<>(1))
                            .add(entry);
                }
            }
            byName = known;
        }
        return Collections.unmodifiableList(known.getOrDefault(name, List.of()));
    }

    @Override
    boolean isFlow() {
        return flow;
    }

    @Override
    public String kind() {
        return entries.isEmpty()
                ? "an empty map"
                : "a map of "
                        + Shortened.list(entries.stream()
                                .map(entry -> entry.name().orElse("?"))
                                .toList());
    }
}
