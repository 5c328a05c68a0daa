package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    default List<ParseEvent> events() {
        List<ParseEvent> events = new ArrayList<>();
        if (this instanceof Text text) {
            events.add(ParseEvent.wanted(text.value()));
        } else if (this instanceof Fields map) {
            events.add(ParseEvent.wanted(Kind.MAPPING_START));
            map.fields().forEach((key, value) -> {
                events.add(ParseEvent.wanted(key));
                events.addAll(value.events());
            });
            events.add(ParseEvent.wanted(Kind.MAPPING_END));
        } else if (this instanceof Items list) {
            events.add(ParseEvent.wanted(Kind.SEQUENCE_START));
            list.items().forEach(item -> events.addAll(item.events()));
            events.add(ParseEvent.wanted(Kind.SEQUENCE_END));
        }
        return events;
    }
}
