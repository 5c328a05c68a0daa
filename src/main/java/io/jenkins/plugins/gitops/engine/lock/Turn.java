package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * A target's turn: the promotion that one controller commits now, while the gates of every other one wait. Whoever may
 * write the ref can forge one, and so keep a target waiting; nobody's promotion passes by it.
 *
 * @param gate id of the gate that let the promotion pass: a controller knows its own turn by it, also after a restart
 * @param application name
 * @param environment name
 * @param run address of the run that promotes, or null where somebody ordered it on a page
 * @param at when it was taken
 * @param until when it ends by itself, because the controller stopped meanwhile for example
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Turn(
        @JsonProperty(required = true) String gate,
        @JsonProperty(required = true) String application,
        @JsonProperty(required = true) String environment,
        @Nullable String run,
        @JsonProperty(required = true) Instant at,
        @JsonProperty(required = true) Instant until) {

    /** Longer than a commit is tried. */
    public static final Duration LONGEST = Duration.ofMinutes(15);

    private static final int LONGEST_TEXT = 2_000;

    /** @throws RefusedException if it is nothing that a controller writes */
    public Turn {
        if (isWrong(gate) || isWrong(application) || isWrong(environment) || run != null && isWrong(run)) {
            throw new RefusedException("A turn has names of one line and at most " + LONGEST_TEXT + " characters.");
        }
        if (!until.isAfter(at) || until.isAfter(at.plus(LONGEST))) {
            throw new RefusedException("A turn lasts at most " + LONGEST.toMinutes() + " minutes.");
        }
    }

    /** One that begins now. Without an address that is too long for it. */
    public static Turn now(String gate, String application, String environment, @Nullable String run, Instant now) {
        String shown = run == null || isWrong(run) ? null : run;
        return new Turn(gate, application, environment, shown, now, now.plus(LONGEST));
    }

    private static boolean isWrong(String text) {
        return text.isEmpty()
                || text.length() > LONGEST_TEXT
                || text.chars().anyMatch(Character::isISOControl)
                || text.contains("\u2028")
                || text.contains("\u2029");
    }

    /** A clause: {@code another controller has been committing a change of shop/prod since …}. */
    public String clause() {
        return "another controller has been committing a change of " + application + "/" + environment + " since "
                + Durations.time(at) + (run == null ? "" : " (" + run + ")");
    }

    /** Whether it is of that target. */
    boolean isOf(String target, String place) {
        return application.equals(target) && environment.equals(place);
    }

    /** Not over; one that another clock has begun much later than now is nobody's. */
    boolean isInForce(Instant now) {
        return now.isBefore(until) && !at.isAfter(now.plus(LONGEST));
    }
}
