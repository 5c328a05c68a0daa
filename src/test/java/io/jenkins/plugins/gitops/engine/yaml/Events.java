package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** What a parser sees in a text, written down without places: a second opinion that shares no code with the editor. */
final class Events {

    private Events() {}

    static List<String> of(String text) {
        List<String> events = new ArrayList<>();
        for (Event event : new Parse(LoadSettings.builder()
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .build())
                .parseString(text)) {
            events.add(
                    event instanceof ScalarEvent scalar
                            ? "scalar " + scalar.getAnchor() + scalar.getTag() + scalar.getScalarStyle()
                                    + scalar.getValue()
                            : event.toString());
        }
        return events;
    }

    /** The scalar's value alone. */
    static String valueAt(String text, int index) {
        int i = 0;
        for (Event event : new Parse(LoadSettings.builder()
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .build())
                .parseString(text)) {
            if (i++ == index) {
                return ((ScalarEvent) event).getValue();
            }
        }
        throw new IndexOutOfBoundsException(index);
    }
}
