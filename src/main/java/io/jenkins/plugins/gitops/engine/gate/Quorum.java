package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Seats approvers so that as many places as possible are taken, each person in one place only. "2 from release-managers
 * and 1 from qa" therefore needs three people, also when somebody is in both groups. (A maximum bipartite matching, by
 * augmenting paths; a gate has a handful of places.)
 */
final class Quorum {

    private final List<Integer> places = new ArrayList<>();
    private final List<GateEvent.Approved> people;
    private final int[] seated;

    private final BiPredicate<GateEvent.Approved, Integer> counts;

    private Quorum(
            List<Approvals> required,
            Collection<GateEvent.Approved> approvals,
            BiPredicate<GateEvent.Approved, Integer> counts) {
        this.counts = counts;
        for (int group = 0; group < required.size(); group++) {
            for (int seat = 0; seat < required.get(group).required(); seat++) {
                places.add(group);
            }
        }
        people = List.copyOf(approvals);
        seated = new int[places.size()];
        Arrays.fill(seated, -1);
        for (int person = 0; person < people.size(); person++) {
            seat(person, new HashSet<>());
        }
    }

    /** As the gate was declared when it opened. */
    static Quorum opened(List<Approvals> required, Collection<GateEvent.Approved> approvals) {
        return new Quorum(
                required, approvals, (approved, group) -> approved.quorums().contains(group));
    }

    /**
     * As it is declared now: whoever is known to be one of those named there counts, whenever that was; others approve
     * again.
     *
     * @param opened what counted when the gate opened
     */
    static Quorum amended(GateDefinition now, List<Approvals> opened, Collection<GateEvent.Approved> approvals) {
        boolean separates = now.separationOfDuties() != SeparationOfDuties.NONE;
        return new Quorum(
                now.approvals(),
                approvals.stream()
                        .filter(approved -> !(separates && approved.involved()))
                        .toList(),
                (approved, group) ->
                        isAmong(approved, now.approvals().get(group).from(), opened));
    }

    private static boolean isAmong(GateEvent.Approved approved, List<String> from, List<Approvals> opened) {
        return from.isEmpty()
                || approved.names().stream().anyMatch(from::contains)
                || approved.quorums().stream()
                        .map(group -> opened.get(group).from())
                        .anyMatch(names -> !names.isEmpty() && from.containsAll(names));
    }

    private boolean seat(int person, Set<Integer> tried) {
        for (int place = 0; place < places.size(); place++) {
            if (counts.test(people.get(person), places.get(place)) && tried.add(place)) {
                if (seated[place] < 0 || seat(seated[place], tried)) {
                    seated[place] = person;
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether every place is taken. */
    boolean isReached() {
        return Arrays.stream(seated).allMatch(person -> person >= 0);
    }

    /** The approvals that count for one of the groups, by its index; oldest first. */
    List<GateEvent.Approved> of(int group) {
        return IntStream.range(0, seated.length)
                .filter(place -> places.get(place) == group && seated[place] >= 0)
                .map(place -> seated[place])
                .sorted()
                .mapToObj(people::get)
                .toList();
    }
}
