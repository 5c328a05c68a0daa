package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/** Something to insert where nothing stood. All scalars are strings. */
public sealed interface NewValue {

    /** One string. */
    record Text(@NonNull String value) implements NewValue {}

    /** A map, in the order of its keys; not empty. */
    record Fields(@NonNull Map<String, NewValue> fields) implements NewValue {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** A list; not empty. */
    record Items(@NonNull List<NewValue> items) implements NewValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** The events that a parser must see once the value is written. */
    default List<Event> events() {
        List<Event> events = new ArrayList<>();
        if (this instanceof Text text) {
            events.add(scalar(text.value()));
        } else if (this instanceof Fields map) {
            events.add(new MappingStartEvent(
                    Optional.empty(), Optional.empty(), true, FlowStyle.AUTO, Optional.empty(), Optional.empty()));
            map.fields().forEach((key, value) -> {
                events.add(scalar(key));
                events.addAll(value.events());
            });
            events.add(new MappingEndEvent(Optional.empty(), Optional.empty()));
        } else if (this instanceof Items list) {
            events.add(new SequenceStartEvent(
                    Optional.empty(), Optional.empty(), true, FlowStyle.AUTO, Optional.empty(), Optional.empty()));
            list.items().forEach(item -> events.addAll(item.events()));
            events.add(new SequenceEndEvent(Optional.empty(), Optional.empty()));
        }
        return events;
    }

    private static Event scalar(String value) {
        return new ScalarEvent(
                Optional.empty(), Optional.empty(), new ImplicitTuple(true, true), value, ScalarStyle.PLAIN);
    }
}
