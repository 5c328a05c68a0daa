package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * The characters from start (inclusive) to end (exclusive) give way to a text, and the events from one index (inclusive)
 * to another (exclusive) to those that are wanted.
 *
 * <p>The new events need only agree in kind, value, anchor and tag, and their scalars must be strings; their style is the
 * edit's choice. All other events must come back exactly as they were.
 */
record Splice(int start, int end, String text, int from, int to, List<Event> wanted) {

    /** Text that comes along with another splice, which says what it means. */
    static Splice silent(int start, int end, String text, int event) {
        return new Splice(start, end, text, event, event, List.of());
    }

    /** @param splices in order, not overlapping */
    static String apply(String text, List<Splice> splices) {
        StringBuilder result = new StringBuilder(text.length() + 128);
        int copied = 0;
        for (Splice splice : splices) {
            result.append(text, copied, splice.start).append(splice.text);
            copied = splice.end;
        }
        return result.append(text, copied, text.length()).toString();
    }

    /** Whether the new events are the old ones with the changes, which are in order, and nothing else. */
    static boolean isAll(List<Splice> splices, List<Event> before, List<Event> after) {
        int old = 0;
        int now = 0;
        for (Splice splice : splices) {
            int kept = splice.from - old;
            if (kept < 0 || !sameRange(before, old, after, now, kept)) {
                return false;
            }
            now += kept;
            for (Event wanted : splice.wanted) {
                if (now >= after.size() || !isWanted(wanted, after.get(now))) {
                    return false;
                }
                now++;
            }
            old = splice.to;
        }
        return after.size() - now == before.size() - old && sameRange(before, old, after, now, before.size() - old);
    }

    private static boolean sameRange(List<Event> before, int old, List<Event> after, int now, int length) {
        if (now + length > after.size()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            Event was = before.get(old + i);
            Event is = after.get(now + i);
            if (!sameStyle(was, is) || !sameContent(was, is)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameStyle(Event one, Event other) {
        return !(one instanceof ScalarEvent scalar && other instanceof ScalarEvent is)
                ? !(one instanceof CollectionStartEvent start && other instanceof CollectionStartEvent now)
                        || start.isFlow() == now.isFlow()
                : scalar.getScalarStyle() == is.getScalarStyle();
    }

    private static boolean sameContent(Event one, Event other) {
        if (one instanceof ScalarEvent scalar && other instanceof ScalarEvent is) {
            return scalar.getValue().equals(is.getValue())
                    && scalar.getAnchor().equals(is.getAnchor())
                    && scalar.getTag().equals(is.getTag());
        }
        if (one instanceof CollectionStartEvent start && other instanceof CollectionStartEvent is) {
            return start.getEventId() == is.getEventId()
                    && start.getAnchor().equals(is.getAnchor())
                    && start.getTag().equals(is.getTag());
        }
        return one instanceof CollectionEndEvent
                ? one.getEventId() == other.getEventId()
                : one.toString().equals(other.toString());
    }

    private static boolean isWanted(Event wanted, Event is) {
        return sameContent(wanted, is)
                && (!(is instanceof ScalarEvent scalar)
                        || (wanted instanceof ScalarEvent meant && meant.isPlain()
                                ? scalar.isPlain()
                                : StringRules.isString(scalar)));
    }

    /** The event of a scalar with the properties of another one. */
    static Event wanted(String value, ScalarEvent like) {
        return new ScalarEvent(
                like.getAnchor(), like.getTag(), new ImplicitTuple(true, true), value, ScalarStyle.DOUBLE_QUOTED);
    }

    /** The same for a number or truth value. */
    static Event plain(String value, ScalarEvent like) {
        return new ScalarEvent(
                like.getAnchor(), like.getTag(), new ImplicitTuple(true, true), value, ScalarStyle.PLAIN);
    }

    /** A string for a string, and what is none as it is. */
    static Event wantedLike(ScalarEvent event) {
        return StringRules.isString(event) ? wanted(event.getValue()) : plain(event.getValue());
    }

    private static Event plain(String value) {
        return new ScalarEvent(
                Optional.empty(), Optional.empty(), new ImplicitTuple(true, true), value, ScalarStyle.PLAIN);
    }

    private static Event wanted(String value) {
        return new ScalarEvent(
                Optional.empty(), Optional.empty(), new ImplicitTuple(true, true), value, ScalarStyle.DOUBLE_QUOTED);
    }

    /** What a parser must read once the value is written. */
    static List<Event> wanted(JsonNode value) {
        List<Event> events = new ArrayList<>();
        if (value.isObject()) {
            events.add(new MappingStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
            value.properties().forEach(field -> events.addAll(wanted(field.getKey(), field.getValue())));
            events.add(new MappingEndEvent());
        } else if (value.isArray()) {
            events.add(new SequenceStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
            value.forEach(item -> events.addAll(wanted(item)));
            events.add(new SequenceEndEvent());
        } else if (value.isPojo()) {
            events.add(plain(value.asText()));
        } else {
            events.add(wanted(value.asText()));
        }
        return events;
    }

    /** A key with its value. */
    static List<Event> wanted(String key, JsonNode value) {
        List<Event> events = new ArrayList<>(List.of(wanted(key)));
        events.addAll(wanted(value));
        return events;
    }
}
