package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
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
}
