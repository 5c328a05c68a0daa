package io.jenkins.plugins.gitops.engine.registry.oci;

import java.io.ByteArrayInputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The {@code index.yaml} of a Helm repository, read event by event up to the chart that is wanted: such an index may have
 * tens of thousands of entries.
 *
 * @see <a href="https://helm.sh/docs/topics/chart_repository/">the format</a>
 */
final class ChartIndex {

    /** A large public index has some 20 MiB. */
    static final int LARGEST = 32 << 20;

    /** The parser copies what it has of a line with every buffer it reads, and an index may be one line of JSON. */
    private static final int BUFFER = 1 << 20;

    /** The parser takes the square of the depth. */
    private static final int DEEPEST = 100;

    private final Iterator<Event> events;
    private final Set<String> versions = new TreeSet<>();
    private boolean isFound;

    private ChartIndex(byte[] index) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(LARGEST)
                .setBufferSize(Math.min(BUFFER, index.length + 1))
                .build();
        events = new Parse(settings)
                .parseInputStream(new ByteArrayInputStream(index))
                .iterator();
    }

    /**
     * The versions of a chart that can be downloaded; empty if it is not YAML of that form.
     *
     * @throws YamlEngineException if it is not YAML, or nested too deeply
     */
    static Optional<Set<String>> versions(byte[] index, String chart) {
        ChartIndex reader = new ChartIndex(index);
        boolean[] hasEntries = {false};
        reader.next();
        if (!(reader.next() instanceof DocumentStartEvent)) {
            return Optional.empty();
        }
        reader.map(reader.next(), (field, value) -> {
            if (field.equals("entries")) {
                hasEntries[0] = true;
                reader.map(value, (name, entries) -> reader.chart(name.equals(chart), entries));
            } else {
                reader.skip(value);
            }
        });
        return hasEntries[0] ? Optional.of(reader.versions) : Optional.empty();
    }

    private Event next() {
        return events.next();
    }

    private void chart(boolean isWanted, Event entries) {
        if (!isWanted || !(entries instanceof SequenceStartEvent)) {
            skip(entries);
            return;
        }
        for (Event entry = next(); !(entry instanceof CollectionEndEvent); entry = next()) {
            String[] version = {""};
            boolean[] hasUrl = {false};
            map(entry, (field, value) -> {
                if (field.equals("version") && value instanceof ScalarEvent scalar) {
                    version[0] = scalar.getValue();
                } else {
                    int before = skip(value);
                    hasUrl[0] |= field.equals("urls") && before > 0;
                }
            });
            if (hasUrl[0] && !version[0].isEmpty()) {
                versions.add(version[0]);
            }
        }
        isFound = true;
    }

    /** @param field is given each key with the event that begins its value, and takes the value's other events */
    private void map(Event start, BiConsumer<String, Event> field) {
        if (!(start instanceof MappingStartEvent)) {
            skip(start);
            return;
        }
        while (!isFound) {
            Event key = next();
            if (key instanceof CollectionEndEvent) {
                return;
            }
            skip(key);
            field.accept(key instanceof ScalarEvent name ? name.getValue() : "", next());
        }
    }

    /** Takes the rest of a value; returns how many values are in it. */
    private int skip(Event start) {
        int values = 0;
        for (int depth = start instanceof CollectionStartEvent ? 1 : 0; depth > 0; ) {
            Event event = next();
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            values += event instanceof ScalarEvent ? 1 : 0;
            if (depth > DEEPEST) {
                throw new YamlEngineException("nested deeper than " + DEEPEST + " levels");
            }
        }
        return values;
    }
}
