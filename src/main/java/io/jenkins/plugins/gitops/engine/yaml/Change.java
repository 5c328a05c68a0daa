package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * What an edit means to change: the events from one index (inclusive) to another (exclusive) give way to others.
 *
 * <p>The new events need only agree in kind, value, anchor and tag, and their scalars must be strings; their style is the
 * edit's choice. All other events must come back exactly as they were.
 */
record Change(int from, int to, List<Event> replacement) {

    /** Whether the text with the new events is the old one with the changes, which are in order, and nothing else. */
    static boolean isAll(List<Change> changes, List<Event> before, List<Event> after) {
        int old = 0;
        int now = 0;
        for (Change change : changes) {
            int kept = change.from - old;
            if (!sameRange(before, old, after, now, kept)) {
                return false;
            }
            now += kept;
            for (Event wanted : change.replacement) {
                if (now >= after.size() || !isWanted(wanted, after.get(now))) {
                    return false;
                }
                now++;
            }
            old = change.to;
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
            if (!sameContent(was, is) || !sameStyle(was, is)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWanted(Event wanted, Event is) {
        if (!sameContent(wanted, is)) {
            return false;
        }
        return !(is instanceof ScalarEvent scalar)
                || !scalar.isPlain()
                || scalar.getTag().filter("tag:yaml.org,2002:str"::equals).isPresent()
                || StringRules.isPlainString(scalar.getValue());
    }

    private static boolean sameContent(Event one, Event other) {
        if (one.getEventId() != other.getEventId()) {
            return false;
        }
        if (one instanceof AliasEvent alias) {
            return alias.getAlias()
                    .getValue()
                    .equals(((AliasEvent) other).getAlias().getValue());
        }
        if (one instanceof NodeEvent node && !anchor(node).equals(anchor((NodeEvent) other))) {
            return false;
        }
        if (one instanceof ScalarEvent scalar) {
            ScalarEvent otherScalar = (ScalarEvent) other;
            return scalar.getValue().equals(otherScalar.getValue())
                    && scalar.getTag().equals(otherScalar.getTag());
        }
        if (one instanceof CollectionStartEvent collection) {
            return collection.getTag().equals(((CollectionStartEvent) other).getTag());
        }
        if (one instanceof DocumentStartEvent start) {
            return start.getTags().equals(((DocumentStartEvent) other).getTags());
        }
        return true;
    }

    private static Optional<String> anchor(NodeEvent event) {
        return event.getAnchor().map(anchor -> anchor.getValue());
    }

    private static boolean sameStyle(Event one, Event other) {
        if (one instanceof ScalarEvent scalar) {
            return scalar.getScalarStyle() == ((ScalarEvent) other).getScalarStyle();
        }
        if (one instanceof CollectionStartEvent collection) {
            return collection.isFlow() == ((CollectionStartEvent) other).isFlow();
        }
        if (one instanceof DocumentStartEvent start) {
            DocumentStartEvent otherStart = (DocumentStartEvent) other;
            return start.isExplicit() == otherStart.isExplicit()
                    && start.getSpecVersion()
                            .toString()
                            .equals(otherStart.getSpecVersion().toString());
        }
        if (one instanceof DocumentEndEvent end) {
            return end.isExplicit() == ((DocumentEndEvent) other).isExplicit();
        }
        return true;
    }
}
