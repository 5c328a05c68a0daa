package io.jenkins.plugins.gitops.engine.verification;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where one check stands: its looks, folded. It passes once every look over the declared time was good, with no longer
 * silence between two of them than {@link #mostSilence}: what nobody looked at did not hold.
 *
 * @param text what the last look found, a clause; empty before the first
 * @param goodSince when the first look of the present unbroken row of good ones began, or null where there is none
 * @param lastGood when the last of them began, or null
 * @param against whether the last look that could be taken speaks against the release
 * @param details lines that explain why it failed, such as the end of a log
 */
public record CheckProgress(
        String check,
        State state,
        String text,
        @CheckForNull Instant goodSince,
        @CheckForNull Instant lastGood,
        boolean against,
        List<String> details) {

    /** How long an answer may take, at most. */
    static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    public CheckProgress {
        details = details == null ? List.of() : List.copyOf(details);
    }

    CheckProgress(
            String check,
            State state,
            String text,
            @CheckForNull Instant goodSince,
            @CheckForNull Instant lastGood,
            boolean against) {
        this(check, state, text, goodSince, lastGood, against, List.of());
    }

    /** Where a check is. */
    public enum State {
        /** It is looked at. */
        WAITING,
        PASSED,
        FAILED,
        /** It ended without a judgment. */
        ABORTED
    }

    /** How soon Alertmanager sends again what Jenkins did not take: its {@code group_interval}, by default. */
    private static final Duration SENT_AGAIN = Duration.ofMinutes(5);

    /** @param now when the release was seen healthy: alerts are observed from then on */
    static CheckProgress begin(Check check, Instant now) {
        Instant since = check instanceof Alerts ? now : null;
        return new CheckProgress(check.name(), State.WAITING, "", since, since, false);
    }

    /**
     * Goes on after a restart: nobody looked for some time, so a row of good looks begins anew. An observation of alerts
     * goes on, for long enough that what fired meanwhile is sent again.
     */
    CheckProgress resumed(Check declared, Instant now) {
        if (!(declared instanceof Alerts) || goodSince == null) {
            return begin(declared, now);
        }
        Duration least = declared.lasts().compareTo(SENT_AGAIN) < 0 ? declared.lasts() : SENT_AGAIN;
        Instant latest = now.plus(least).minus(declared.lasts());
        return new CheckProgress(
                check, State.WAITING, text, goodSince.isBefore(latest) ? latest : goodSince, now, false);
    }

    /** Longest time between two good looks of one row: one look between them may be lost. */
    static Duration mostSilence(Check check) {
        return check.interval().plus(LONGEST_LOOK).multipliedBy(2);
    }

    /**
     * With one look more.
     *
     * @param at when the look began
     * @param until when the verification's time is over
     */
    CheckProgress with(Check declared, Sample look, Instant at, Instant until) {
        return switch (look.kind()) {
            case GOOD -> good(declared, look, at, until);
            case BAD ->
                orTooLate(declared, new CheckProgress(check, State.WAITING, look.text(), null, null, true), at, until);
            case MISSED ->
                orTooLate(
                        declared,
                        new CheckProgress(check, State.WAITING, look.text(), goodSince, lastGood, against),
                        at,
                        until);
            case FAILED -> new CheckProgress(check, State.FAILED, look.text(), null, null, true, look.details());
            case IMPOSSIBLE -> new CheckProgress(check, State.FAILED, look.text(), null, null, false);
            case ABORTED -> new CheckProgress(check, State.ABORTED, look.text(), null, null, false);
        };
    }

    private CheckProgress good(Check declared, Sample look, Instant at, Instant until) {
        boolean isUnbroken = goodSince != null
                && lastGood != null
                && (declared instanceof Alerts
                        || !at.isBefore(lastGood) && !at.isAfter(lastGood.plus(mostSilence(declared))));
        Instant since = isUnbroken ? goodSince : at;
        boolean holds = !at.isBefore(since.plus(declared.lasts()));
        CheckProgress next = new CheckProgress(
                check,
                holds ? State.PASSED : State.WAITING,
                look.text() + (holds && !declared.lasts().isZero() ? " for " + Durations.text(declared.lasts()) : ""),
                since,
                at,
                false);
        return holds ? next : orTooLate(declared, next, at, until);
    }

    /** What cannot hold long enough any more has failed: nobody waits for it. */
    private static CheckProgress orTooLate(Check declared, CheckProgress next, Instant at, Instant until) {
        Instant from = Optional.ofNullable(next.goodSince()).orElse(at);
        boolean isLate = declared.hasDeadline() && from.plus(declared.lasts()).isAfter(until);
        return isLate ? next.tooLate(declared) : next;
    }

    /** The time is over, or too little is left. */
    CheckProgress tooLate(Check declared) {
        String what = text.isEmpty() ? "no answer" : text;
        String why = against
                ? what
                : "not verified in time: "
                        + (goodSince == null
                                ? what
                                : what + ", not for " + Durations.text(declared.lasts()) + " without a break");
        return new CheckProgress(check, State.FAILED, why, goodSince, lastGood, against);
    }

    /**
     * When the next look is due. No two come closer to each other than the interval, so the last but one is left out where
     * the end is near: at the end there is a last one. What asks nobody ends when its time is over.
     */
    Instant next(Check declared, Instant answered, Instant until) {
        Instant usual = answered.plus(declared.interval());
        Instant complete = goodSince == null ? Instant.MAX : goodSince.plus(declared.lasts());
        if (!declared.hasDeadline()) {
            return complete.isBefore(usual) && complete.isAfter(answered) ? complete : usual;
        }
        boolean isLast = usual.plus(declared.interval()).isAfter(until) && answered.isBefore(until);
        boolean completes = !complete.isAfter(usual) && !usual.isAfter(until);
        return isLast && !completes ? until : usual;
    }

    /** Whether the line of a check, as {@link #line} wrote it, says that it has passed. */
    public static boolean isPassed(String check, String line) {
        return line.equals(check + " passed") || line.startsWith(check + " passed:");
    }

    /** {@code errors passed: 0.004, which is below 0.01 for 10 min}: one line for log, note and page. */
    public String line() {
        String where =
                switch (state) {
                    case WAITING -> " waits";
                    case PASSED -> " passed";
                    case FAILED -> " failed";
                    case ABORTED -> " aborted";
                };
        return check + where + (text.isEmpty() ? "" : ": " + text);
    }
}
