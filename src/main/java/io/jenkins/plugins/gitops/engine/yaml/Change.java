package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;

/**
 * What an edit means to change: the events from one index (inclusive) to another (exclusive) give way to others.
 *
 * <p>The new events need only agree in kind, value, anchor and tag, and their scalars must be strings; their style is the
 * edit's choice. All other events must come back exactly as they were.
 */
record Change(int from, int to, List<ParseEvent> replacement) {

    /** Whether the text with the new events is the old one with the changes, which are in order, and nothing else. */
    static boolean isAll(List<Change> changes, List<ParseEvent> before, List<ParseEvent> after) {
        int old = 0;
        int now = 0;
        for (Change change : changes) {
            int kept = change.from - old;
            if (!sameRange(before, old, after, now, kept)) {
                return false;
            }
            now += kept;
            for (ParseEvent wanted : change.replacement) {
                if (now >= after.size() || !isWanted(wanted, after.get(now))) {
                    return false;
                }
                now++;
            }
            old = change.to;
        }
        return after.size() - now == before.size() - old && sameRange(before, old, after, now, before.size() - old);
    }

    private static boolean sameRange(List<ParseEvent> before, int old, List<ParseEvent> after, int now, int length) {
        if (now + length > after.size()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            ParseEvent was = before.get(old + i);
            ParseEvent is = after.get(now + i);
            if (was.style() != is.style() || !was.saysTheSame(is)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWanted(ParseEvent wanted, ParseEvent is) {
        return wanted.saysTheSame(is)
                && (is.style() != ParseEvent.Style.PLAIN
                        || "tag:yaml.org,2002:str".equals(is.tag())
                        || StringRules.isPlainString(is.value()));
    }
}
