package io.jenkins.plugins.gitops.engine.gate;

import static io.jenkins.plugins.gitops.engine.gate.Gates.NOON;
import static io.jenkins.plugins.gitops.engine.gate.Gates.approver;
import static io.jenkins.plugins.gitops.engine.gate.Gates.boss;
import static io.jenkins.plugins.gitops.engine.gate.Gates.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException.Kind;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateDecisionsTest {

    private static final Approvals MANAGERS = new Approvals(2, List.of("release-managers"));
    private static final Approvals QA = new Approvals(1, List.of("qa"));

    private int clicks;

    @Test
    void twoManagersAndOneTesterLetThePromotionGo() {
        Gate gate = Gates.open(Gates.definition(List.of(MANAGERS, QA)));
        gate = approve(gate, approver("bob", "release-managers"));
        gate = approve(gate, approver("cleo", "release-managers"));
        assertThat(gate.status()).isEqualTo(GateStatus.OPEN);

        gate = approve(gate, approver("eve", "qa"));

        assertThat(gate.status()).isEqualTo(GateStatus.APPROVED);
        assertThat(gate.granted().orElseThrow().approvals())
                .containsExactly("bob (release-managers)", "cleo (release-managers)", "eve (qa)");
    }

    @Test
    void whoIsInTwoGroupsCountsOnceAndWhereTheyAreNeeded() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("release-managers")), QA)));
        gate = approve(gate, approver("bob", "release-managers", "qa"));
        assertThat(gate.status()).isEqualTo(GateStatus.OPEN);

        gate = approve(gate, approver("cleo", "release-managers"));

        assertThat(gate.granted().orElseThrow().approvals()).containsExactly("cleo (release-managers)", "bob (qa)");
    }

    @Test
    void anApprovalMayNameAPersonInsteadOfAGroup() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("Bob")))));

        assertThat(approve(gate, approver("bob")).status()).isEqualTo(GateStatus.APPROVED);
    }

    @Test
    void whoIsNotOnTheListMayNotApprove() {
        refuse(
                Gates.open(Gates.definition(List.of(MANAGERS, QA))),
                approver("mallory", "developers"),
                Kind.FORBIDDEN,
                "mallory is not among those who may approve shop/prod: ask one of qa, release-managers.");
    }

    @Test
    void whoHasNoPermissionMayNotApproveEvenOnTheList() {
        refuse(
                Gates.open(Gates.definition(List.of(QA))),
                reader("eve", "qa"),
                Kind.FORBIDDEN,
                "eve may not decide about promotions here: ask somebody with the permission GitOps/Approve.");
    }

    @Test
    void nobodyApprovesTheirOwnChange() {
        Gate gate = Gates.open(separated());

        refuse(
                gate,
                approver("Anna", "qa"),
                Kind.FORBIDDEN,
                "Anna started the run that requests this promotion: another person must approve it.");
        refuse(
                gate,
                approver("dora", "qa"),
                Kind.FORBIDDEN,
                "dora wrote part of this change: another person must approve it.");
    }

    @Test
    void anAuthorIsKnownByNameAndAddressToo() {
        GateDefinition definition = separated();
        Gate gate = Gate.of(List.of(new GateEvent.Opened(
                NOON, Gates.subject(null, "Dora Doe <DORA@example.org>", "The emil"), definition, List.of())));

        refuse(
                gate,
                approver("dora", "qa"),
                Kind.FORBIDDEN,
                "dora wrote part of this change: another person must approve it.");
        refuse(
                gate,
                approver("emil", "qa"),
                Kind.FORBIDDEN,
                "emil wrote part of this change: another person must approve it.");
    }

    @Test
    void anAuthorIsKnownByTheNameInFrontOfAnAddress() {
        Gate gate = Gate.of(List.of(new GateEvent.Opened(
                NOON, Gates.subject(null, "The Emil <someone@elsewhere.org>"), separated(), List.of())));

        refuse(
                gate,
                approver("emil", "qa"),
                Kind.FORBIDDEN,
                "emil wrote part of this change: another person must approve it.");
    }

    @Test
    void aSecondClickChangesNothing() {
        Gate gate = approve(Gates.open(Gates.definition(List.of(MANAGERS))), approver("bob", "release-managers"));

        refuse(gate, approver("BOB", "release-managers"), Kind.CONFLICT, "BOB has approved already: nothing changed.");
    }

    @Test
    void aReplayedRequestChangesNothingEvenAfterAWithdrawal() {
        Person bob = approver("bob", "release-managers");
        Gate open = Gates.open(Gates.definition(List.of(MANAGERS)));
        GateDecisions.Decision click = new GateDecisions.Decision("click-1", bob, NOON);
        Gate withdrawn = open.with(GateDecisions.approve(open, click, ""));
        Gate gate = withdrawn.with(GateDecisions.withdraw(withdrawn, new GateDecisions.Decision("click-2", bob, NOON)));

        assertThatThrownBy(() -> GateDecisions.approve(gate, click, ""))
                .hasMessage("This request was handled already: nothing changed.");
    }

    @Test
    void anApprovalIsWithdrawnUntilTheQuorumIsReached() {
        Gate gate = Gates.open(Gates.definition(List.of(MANAGERS), "Rollback plan documented"));
        Person bob = approver("bob", "release-managers");
        gate = approve(gate, bob);
        gate = gate.with(GateDecisions.withdraw(gate, click(bob)));
        assertThat(gate.approvals()).isEmpty();

        gate = approve(approve(gate, bob), approver("cleo", "release-managers"));

        Gate reached = gate;
        assertThatThrownBy(() -> GateDecisions.withdraw(reached, click(bob)))
                .hasMessage("The quorum is reached, so the approval can no longer be withdrawn: reject instead.");
        assertThatThrownBy(() -> GateDecisions.withdraw(reached, click(approver("eve", "qa"))))
                .hasMessage("eve has not approved: there is nothing to withdraw.");
    }

    @Test
    void aRejectionIsFinalAndSaysWhy() {
        Gate gate = Gates.open(Gates.definition(List.of(QA)));
        assertThatThrownBy(() -> GateDecisions.reject(gate, click(approver("eve")), "  "))
                .hasMessage("A rejection requires a reason.");

        Gate rejected = gate.with(GateDecisions.reject(gate, click(approver("eve")), "too risky"));

        refuse(
                rejected,
                approver("frank", "qa"),
                Kind.CONFLICT,
                "The gate for shop/prod is no longer open: it was rejected by eve at 2026-03-02T12:00:00Z (too"
                        + " risky).");
    }

    @Test
    void aGateWithoutPeopleGoesWhenItsChecksPass() {
        Gate gate = Gates.open(Gates.definition(List.of()), "soak");
        CheckResult pending = CheckResult.pending("soak", "healthy for less than 30 min", NOON.plusSeconds(60));

        List<GateEvent> first = GateDecisions.settle(gate, Map.of("soak", pending), NOON);
        assertThat(first).containsExactly(new GateEvent.Checked(NOON, pending));

        Gate waiting = gate.with(first.get(0));
        assertThat(GateDecisions.settle(waiting, Map.of("soak", pending), NOON)).isEmpty();
        assertThat(GateDecisions.settle(waiting, Map.of("soak", CheckResult.passed("soak", "long enough")), NOON))
                .hasExactlyElementsOfTypes(GateEvent.Checked.class, GateEvent.Granted.class);
    }

    @Test
    void aCheckThatDoesNotAnswerHoldsTheGate() {
        assertThat(GateDecisions.settle(Gates.open(Gates.definition(List.of()), "registry"), Map.of(), NOON))
                .isEmpty();
    }

    @Test
    void aFreezeHoldsTheGateWhateverTheCallerSays() {
        Window christmas = new Window.Once(
                LocalDateTime.parse("2026-03-02T00:00"), LocalDateTime.parse("2026-03-03T00:00"), "Christmas");
        FreezeCalendar calendar = new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of(christmas));
        Gate gate = Gates.open(Gates.with(Gates.definition(List.of()), SeparationOfDuties.NONE, calendar, null, null));
        Map<String, CheckResult> liar = Map.of(Gate.FREEZE, CheckResult.passed(Gate.FREEZE, "fine"));

        assertThat(GateDecisions.settle(gate, liar, NOON)).isEmpty();
        assertThat(GateMessages.explain(gate, liar, NOON))
                .isEqualTo("The gate for shop/prod waits for freeze (frozen: Christmas, until 2026-03-03T00:00:00Z).");
        assertThat(GateDecisions.settle(gate, Map.of(), Instant.parse("2026-03-03T00:00:00Z")))
                .hasOnlyElementsOfType(GateEvent.Granted.class);
    }

    @Test
    void aCommentCannotForgeALineOfTheLog() {
        Gate gate = Gates.open(Gates.definition(List.of(QA)));
        GateEvent approved = GateDecisions.approve(
                gate,
                new GateDecisions.Decision("click", approver("eve", "qa"), NOON),
                "fine\nOVERRIDDEN by zoe\r\n\u2028Promoted with commit ccccccc\u0085x");

        assertThat(GateMessages.line(approved))
                .isEqualTo("Approved by eve: fine OVERRIDDEN by zoe Promoted with commit ccccccc x");
    }

    @Test
    void peopleAreNotRemindedEverySecond() {
        Gate gate = Gates.open(Gates.with(
                Gates.definition(List.of(QA)),
                SeparationOfDuties.NONE,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                Duration.ofSeconds(1)));

        assertThat(GateDecisions.settle(gate, Map.of(), NOON.plusSeconds(299))).isEmpty();
        assertThat(GateDecisions.settle(gate, Map.of(), NOON.plusSeconds(300)))
                .containsExactly(new GateEvent.Reminded(NOON.plusSeconds(300)));
    }

    @Test
    void anOverrideSkipsWhatItSaysAndNothingElse() {
        Gate gate = Gates.open(Gates.definition(List.of(QA), "Rollback plan documented"), "soak", Gate.TURN);
        CheckResult turn = CheckResult.passed(Gate.TURN, "nobody before");
        gate = gate.with(GateDecisions.override(gate, click(boss("zoe")), "prod is down", Set.of("approvals", "soak")));
        assertThat(GateDecisions.settle(gate, Map.of(Gate.TURN, turn), NOON))
                .hasOnlyElementsOfType(GateEvent.Checked.class);

        gate = gate.with(GateDecisions.tick(gate, click(boss("zoe")), "Rollback plan documented"));
        for (GateEvent event : GateDecisions.settle(gate, Map.of(Gate.TURN, turn), NOON)) {
            gate = gate.with(event);
        }

        assertThat(gate.status()).isEqualTo(GateStatus.OVERRIDDEN);
        assertThat(GateMessages.ending(gate)).isEqualTo("was overridden by zoe at 2026-03-02T12:00:00Z");
    }

    @Test
    void anOverrideNeedsItsPermissionAReasonAndSomethingToSkip() {
        Gate gate = Gates.open(Gates.definition(List.of(QA)), "soak", Gate.TURN);

        assertThatThrownBy(() -> GateDecisions.override(gate, click(approver("eve", "qa")), "quick", Set.of("soak")))
                .hasMessage("eve may not override gates here: ask somebody with the permission GitOps/Override.");
        assertThatThrownBy(() -> GateDecisions.override(gate, click(boss("zoe")), "\n", Set.of("soak")))
                .hasMessage("An override requires a reason.");
        assertThatThrownBy(() -> GateDecisions.override(gate, click(boss("zoe")), "quick", Set.of()))
                .hasMessage("An override requires the list of requirements to skip: choose from approvals, soak.");
        assertThatThrownBy(() -> GateDecisions.override(gate, click(boss("zoe")), "quick", Set.of(Gate.TURN)))
                .hasMessage("'turn' cannot be skipped here: choose from approvals, soak.");
    }

    @Test
    void whatPeopleSayIsKeptUpToALength() {
        Gate gate = Gates.open(Gates.definition(List.of(QA)), "soak");
        String longest = "x".repeat(2_000);
        String longer = longest + "x";

        assertThat(GateDecisions.approve(gate, click(approver("eve", "qa")), longest + "  "))
                .isInstanceOfSatisfying(
                        GateEvent.Approved.class,
                        approved -> assertThat(approved.comment()).isEqualTo(longest));
        assertThatThrownBy(() -> GateDecisions.approve(gate, click(approver("eve", "qa")), longer))
                .hasMessage("The comment has more than 2000 characters: shorten it.");
        assertThatThrownBy(() -> GateDecisions.reject(gate, click(approver("eve", "qa")), longer))
                .hasMessage("The reason has more than 2000 characters: shorten it.");
        assertThatThrownBy(() -> GateDecisions.override(gate, click(boss("zoe")), longer, Set.of("soak")))
                .hasMessage("The reason has more than 2000 characters: shorten it.");
    }

    @Test
    void theIdOfADecisionIsKeptUpToALength() {
        Gate gate = Gates.open(Gates.definition(List.of(QA)));
        Person eve = approver("eve", "qa");

        assertThat(GateDecisions.approve(gate, new GateDecisions.Decision("x".repeat(100), eve, NOON), ""))
                .isInstanceOf(GateEvent.Approved.class);
        assertThatThrownBy(
                        () -> GateDecisions.approve(gate, new GateDecisions.Decision("x".repeat(101), eve, NOON), ""))
                .isInstanceOfSatisfying(
                        GateRefusedException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Kind.INVALID))
                .hasMessage("The id of the decision has more than 100 characters: send a shorter one.");
    }

    @Test
    void nobodyDecidesAfterTheExpiryEvenBeforeItIsRecorded() {
        Gate gate = Gates.open(Gates.with(
                Gates.definition(List.of(QA)),
                SeparationOfDuties.NONE,
                FreezeCalendar.ALWAYS_OPEN,
                Duration.ofHours(1),
                null));
        Instant late = NOON.plus(Duration.ofHours(1));

        assertThatThrownBy(() -> GateDecisions.approve(
                        gate, new GateDecisions.Decision("late", approver("eve", "qa"), late), ""))
                .hasMessage("The gate for shop/prod is no longer open: it expired at 2026-03-02T13:00:00Z.");
        assertThat(GateDecisions.settle(gate, Map.of(), late)).containsExactly(new GateEvent.Expired(late));
    }

    @Test
    void peopleAreRemindedAgainAndAgain() {
        Gate gate = Gates.open(Gates.with(
                Gates.definition(List.of(QA)),
                SeparationOfDuties.NONE,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                Duration.ofHours(4)));
        Instant fourHours = NOON.plus(Duration.ofHours(4));

        assertThat(GateDecisions.settle(gate, Map.of(), fourHours.minusMillis(1)))
                .isEmpty();
        assertThat(GateDecisions.settle(gate, Map.of(), fourHours)).containsExactly(new GateEvent.Reminded(fourHours));
        assertThat(gate.with(new GateEvent.Reminded(fourHours)).remindsAt())
                .contains(fourHours.plus(Duration.ofHours(4)));
    }

    private static GateDefinition separated() {
        return Gates.with(
                Gates.definition(List.of(QA)),
                SeparationOfDuties.STARTER_AND_AUTHORS,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                null);
    }

    private void refuse(Gate gate, Person person, Kind kind, String sentence) {
        assertThatThrownBy(() -> GateDecisions.approve(gate, click(person), ""))
                .isInstanceOfSatisfying(
                        GateRefusedException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    private Gate approve(Gate gate, Person person) {
        Gate next = gate.with(GateDecisions.approve(gate, click(person), ""));
        for (GateEvent event : GateDecisions.settle(next, Map.of(), NOON)) {
            next = next.with(event);
        }
        return next;
    }

    private GateDecisions.Decision click(Person person) {
        return new GateDecisions.Decision("click-" + clicks++, person, NOON);
    }
}
