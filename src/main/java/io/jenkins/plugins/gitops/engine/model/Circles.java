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

    /** @param next for each member those it leads to, which are members too */
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

    private record Visit(String member, Iterator<String> rest) {}

    /** Marks everything that can be reached and is not marked yet, and lists it in the order in which it is left. */
    private static void visit(
            String start, Map<String, List<String>> next, Map<String, Integer> marks, int mark, List<String> finished) {
        if (marks.putIfAbsent(start, mark) != null) {
            return;
        }
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(start, next.getOrDefault(start, List.of()).iterator()));
        while (!open.isEmpty()) {
            Visit visit = open.peek();
            if (visit.rest().hasNext()) {
                String to = visit.rest().next();
                if (marks.putIfAbsent(to, mark) == null) {
                    open.push(new Visit(to, next.getOrDefault(to, List.of()).iterator()));
                }
            } else {
                finished.add(visit.member());
                open.pop();
            }
        }
    }
}
