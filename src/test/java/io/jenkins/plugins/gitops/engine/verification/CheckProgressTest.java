package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.verification.CheckProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the looks of a check become its verdict: it needs two minutes of good ones within ten, a look every 15 seconds. */
class CheckProgressTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant UNTIL = NOON.plusSeconds(600);
    private static final Http CHECK =
            new Http("smoke", "http://shop", 200, null, Duration.ofMinutes(2), Duration.ofSeconds(15));
    private static final Http ONCE = new Http("once", "http://shop", 200, null, Duration.ZERO, Duration.ofSeconds(15));

    private CheckProgress progress = CheckProgress.begin(CHECK, NOON);

    @Test
    void oneGoodLookIsEnoughWhereNoTimeIsDeclared() {
        assertThat(CheckProgress.begin(ONCE, NOON)
                        .with(ONCE, look(Sample.Kind.GOOD), NOON, UNTIL)
                        .state())
                .isEqualTo(State.PASSED);
    }

    @Test
    void itPassesWhenItHasHeldLongEnough() {
        for (int at = 0; at < 120; at += 15) {
            assertThat(look(at, Sample.Kind.GOOD).state()).isEqualTo(State.WAITING);
        }

        assertThat(look(120, Sample.Kind.GOOD).line()).isEqualTo("smoke passed: good for 2 min");
    }

    @Test
    void aBadLookBeginsTheRowAnew() {
        looks(0, 105);
        look(110, Sample.Kind.BAD);
        looks(115, 220);

        assertThat(look(234, Sample.Kind.GOOD).state()).isEqualTo(State.WAITING);
        assertThat(look(235, Sample.Kind.GOOD).state()).isEqualTo(State.PASSED);
    }

    @Test
    void oneLookMayBeLost() {
        looks(0, 60);
        look(75, Sample.Kind.MISSED);
        looks(90, 105);

        assertThat(look(120, Sample.Kind.GOOD).state()).isEqualTo(State.PASSED);
    }

    @Test
    void whatNobodyLookedAtDidNotHold() {
        looks(0, 60);
        look(75, Sample.Kind.MISSED);
        look(100, Sample.Kind.MISSED);

        assertThat(look(120, Sample.Kind.GOOD).state()).isEqualTo(State.WAITING);
        looks(135, 225);
        assertThat(look(240, Sample.Kind.GOOD).state()).isEqualTo(State.PASSED);
    }

    @Test
    void aClockThatGoesBackBeginsTheRowAnew() {
        looks(0, 60);
        look(30, Sample.Kind.GOOD);
        looks(45, 135);

        assertThat(progress.state()).isEqualTo(State.WAITING);
        assertThat(look(150, Sample.Kind.GOOD).state()).isEqualTo(State.PASSED);
    }

    @Test
    void itFailsAsSoonAsTooLittleTimeIsLeft() {
        assertThat(look(480, Sample.Kind.BAD).state()).isEqualTo(State.WAITING);

        assertThat(look(481, Sample.Kind.BAD).line()).isEqualTo("smoke failed: bad");
        assertThat(progress.against()).isTrue();
    }

    @Test
    void aRowThatIsCompleteAtTheVeryEndCounts() {
        look(479, Sample.Kind.BAD);
        looks(480, 585);

        assertThat(look(600, Sample.Kind.GOOD).state()).isEqualTo(State.PASSED);
    }

    @Test
    void silenceAloneSpeaksAgainstNoRelease() {
        look(0, Sample.Kind.MISSED);

        assertThat(look(490, Sample.Kind.MISSED).line()).isEqualTo("smoke failed: not verified in time: missed");
        assertThat(progress.against()).isFalse();
    }

    @Test
    void silenceAfterABadLookStillSpeaksAgainstIt() {
        look(0, Sample.Kind.BAD);

        assertThat(look(490, Sample.Kind.MISSED).against()).isTrue();
    }

    @Test
    void aRowThatTheEndCutsOffIsNotVerified() {
        looks(470, 500);

        assertThat(progress.tooLate(CHECK).line())
                .isEqualTo("smoke failed: not verified in time: good, not for 2 min without a break");
        assertThat(progress.tooLate(CHECK).against()).isFalse();
    }

    @Test
    void aWrongDeclarationFailsAtOnceAndBlamesNoRelease() {
        assertThat(look(0, Sample.Kind.IMPOSSIBLE).state()).isEqualTo(State.FAILED);
        assertThat(progress.against()).isFalse();
    }

    @Test
    void noLookComesSoonerThanTheIntervalAndTheLastAtTheEnd() {
        looks(0, 105);

        assertThat(progress.next(CHECK, NOON.plusSeconds(106), UNTIL)).isEqualTo(NOON.plusSeconds(121));
        assertThat(progress.next(CHECK, NOON.plusSeconds(570), UNTIL))
                .as("it can complete the row")
                .isEqualTo(NOON.plusSeconds(585));
        for (int at : new int[] {571, 584, 586, 590}) {
            assertThat(CheckProgress.begin(CHECK, NOON).next(CHECK, NOON.plusSeconds(at), UNTIL))
                    .as("%s s", at)
                    .isEqualTo(UNTIL);
        }
    }

    @Test
    void afterARestartARowBeginsAnewAndHasItsTime() {
        Verification before = verification().with(look(0, Sample.Kind.GOOD), NOON);

        Verification after = before.resumed(NOON.plusSeconds(590));

        assertThat(after.until()).isEqualTo(NOON.plusSeconds(590 + 120 + 60));
        assertThat(after.checks()).containsExactly(CheckProgress.begin(CHECK, NOON));
        assertThat(before.resumed(NOON.plusSeconds(5)).until()).isEqualTo(UNTIL);
    }

    @Test
    void whatHasPassedStaysPassedOverARestart() {
        look(0, Sample.Kind.GOOD);
        looks(15, 120);
        Verification verified = verification().with(progress, NOON.plusSeconds(120));

        assertThat(verified.status()).isEqualTo(Verification.Status.VERIFIED);
        assertThat(Verification.read(verified.json())).isEqualTo(verified);
    }

    private static Verification verification() {
        return Verification.begin(
                new Verification.Deployed("https://git/config.git", "shop", "prod", "main", "c0ffee", Map.of()),
                new VerificationDefinition(Duration.ofMinutes(10), List.of(CHECK)),
                1,
                NOON);
    }

    private void looks(int from, int to) {
        for (int at = from; at <= to; at += 15) {
            look(at, Sample.Kind.GOOD);
        }
    }

    private CheckProgress look(int second, Sample.Kind kind) {
        progress = progress.with(CHECK, look(kind), NOON.plusSeconds(second), UNTIL);
        return progress;
    }

    private static Sample look(Sample.Kind kind) {
        return new Sample(kind, kind.name().toLowerCase(java.util.Locale.ROOT));
    }
}
