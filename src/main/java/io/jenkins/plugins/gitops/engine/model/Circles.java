package io.jenkins.plugins.gitops.engine.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Which steps of an order lead back to where they began: those between two members of one strongly connected component
 * (Kosaraju's algorithm). Linear and without recursion, since the order comes from a file.
 */
final class Circles {

    private final Map<String, Integer> components = new HashMap<>();

    /** @param next for each member those it leads to; who leads nowhere may be left out */
    Circles(Map<String, List<String>> next) {
        Map<String, List<String>> previous = new HashMap<>();
        next.forEach((from, all) -> all.forEach(
                to -> previous.computeIfAbsent(to, key -> new ArrayList<>()).add(from)));
        List<String> finished = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        next.keySet().forEach(start -> visit(start, next, seen, 0, finished));
        Collections.reverse(finished);
        int component = 0;
        for (String start : finished) {
            visit(start, previous, components, component++, new ArrayList<>());
        }
    }

    /** Whether both are on one circle, which a single member is with itself. */
    boolean join(String one, String other) {
        return components.get(one).equals(components.get(other));
    }

    /** Marks everything that can be reached and is not marked yet, and lists it in the order in which it is left. */
    private static void visit(
            String start, Map<String, List<String>> next, Map<String, Integer> marks, int mark, List<String> finished) {
        if (marks.putIfAbsent(start, mark) != null) {
            return;
        }
        Deque<String> open = new ArrayDeque<>(List.of(start));
        Map<String, Iterator<String>> rest = new HashMap<>();
        while (!open.isEmpty()) {
            String member = open.peek();
            Iterator<String> ahead = rest.computeIfAbsent(
                    member, key -> next.getOrDefault(key, List.of()).iterator());
            if (ahead.hasNext()) {
                String to = ahead.next();
                if (marks.putIfAbsent(to, mark) == null) {
                    open.push(to);
                }
            } else {
                finished.add(open.pop());
            }
        }
    }
}
