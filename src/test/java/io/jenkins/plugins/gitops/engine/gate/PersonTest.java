package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PersonTest {

    /** One whom capitals tell from others, in a realm that has the group qa. */
    private static Person exact(String id, String... groups) {
        Person.Directory capitals = new Person.Directory() {
            @Override
            public String userKey(String user) {
                return user;
            }

            @Override
            public boolean mayBeGroup(String name) {
                return name.equals("qa");
            }
        };
        return new Person(
                id,
                "The " + id.length(),
                null,
                Set.of(groups),
                Set.of(Person.Permission.APPROVE),
                capitals,
                Optional.empty());
    }

    private static Gate approve(Gate gate, Person person) {
        return gate.with(GateDecisions.approve(
                gate, new GateDecisions.Decision(person.id() + gate.events().size(), person, Gates.NOON), ""));
    }

    @Test
    void whereCapitalsTellUsersApartEachOfThemCountsOnce() {
        Gate open = Gates.open(Gates.definition(List.of(new Approvals(3, List.of("release-managers")))));

        Gate gate = approve(approve(open, exact("bob", "release-managers")), exact("Bob", "release-managers"));

        assertThat(gate.approvals()).extracting(approved -> approved.by().id()).containsExactly("bob", "Bob");
        assertThatThrownBy(() -> approve(gate, exact("bob", "release-managers")))
                .hasMessage("bob has approved already: nothing changed.");
    }

    @Test
    void anAuthorWhoseIdDiffersInCapitalsIsAnotherUserWhereTheyTellUsersApart() {
        assertThat(exact("bob").isOneOf(List.of("Bob"))).isFalse();
        assertThat(Gates.approver("bob").isOneOf(List.of("Bob"))).isTrue();
    }

    @Test
    void aUserNamedLikeAGroupIsNotTheGroup() {
        assertThat(exact("qa").isAmong(List.of("qa"))).isFalse();
        assertThat(exact("qa").isAmong(List.of("user:qa"))).isTrue();
        assertThat(exact("emil", "qa").isAmong(List.of("qa"))).isTrue();
    }
}
