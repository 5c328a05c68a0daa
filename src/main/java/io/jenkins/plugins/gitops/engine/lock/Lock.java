package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Glob;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A person's decision that nothing is promoted for now.
 *
 * @param id unique
 * @param application a name, or a pattern in which {@code *} stands for any characters
 * @param environment the same
 * @param by id of the user, or the address of a run that nobody started
 * @param at when it was set
 * @param until when it ends by itself; null for not before somebody unlocks
 * @param reason one line of at most {@value #LONGEST_REASON} characters
 * @param stops what it stops
 * @param run address of the run that set it; null where somebody did so on a page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lock(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) String application,
        @JsonProperty(required = true) String environment,
        @JsonProperty(required = true) String by,
        @JsonProperty(required = true) Instant at,
        @Nullable Instant until,
        @JsonProperty(required = true) String reason,
        @JsonProperty(required = true) Scope stops,
        @Nullable String run) {

    /** Of a reason, in characters. */
    public static final int LONGEST_REASON = 500;

    private static final int LONGEST_NAME = 2_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._*-]{1,100}");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

    /** What a lock stops. */
    public enum Scope {
        /** Bumps and promotions; rollbacks pass, because recovery must not wait. */
        @JsonProperty("promotions")
        PROMOTIONS,
        /** Rollbacks as well. */
        @JsonProperty("promotions and rollbacks")
        PROMOTIONS_AND_ROLLBACKS
    }

    /** @throws RefusedException if a name, a time or the reason is not valid */
    public Lock {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(stops, "stops");
        requireName("application", application);
        requireName("environment", environment);
        if (reason.isBlank()) {
            throw new RefusedException("A lock requires a reason.");
        }
        if (reason.length() > LONGEST_REASON || CONTROL.matcher(reason).find()) {
            throw new RefusedException(
                    "The reason of a lock is one line of at most " + LONGEST_REASON + " characters: shorten it.");
        }
        if (by.isBlank() || isTooLong(id) || isTooLong(by) || isTooLong(run)) {
            throw new RefusedException(
                    "The name of the user who sets a lock has at most " + LONGEST_NAME + " characters.");
        }
        if (until != null && !until.isAfter(at)) {
            throw new RefusedException("The lock would end at " + Durations.time(until)
                    + ", which is not in the future: give a later 'until', or none.");
        }
    }

    private static void requireName(String parameter, String text) {
        if (!NAME.matcher(text).matches()) {
            throw new RefusedException("Invalid '" + parameter + "' of a lock: write a name as gitops.yaml has it, or a"
                    + " pattern of at most 100 characters such as shop-* or *.");
        }
    }

    private static boolean isTooLong(@Nullable String text) {
        return text != null
                && (text.length() > LONGEST_NAME || CONTROL.matcher(text).find());
    }

    /** Whether it stops every target of the config repository. */
    public boolean isOnEverything() {
        return isOnEverything(application, environment);
    }

    /** The same, before there is a lock. */
    public static boolean isOnEverything(String application, String environment) {
        return application.matches("\\*+") && environment.matches("\\*+");
    }

    /** Whether it is on that target. */
    public boolean covers(String target, String place) {
        return Glob.ofPaths(application).matches(target)
                && Glob.ofPaths(environment).matches(place);
    }

    /** Whether it has not ended by itself. */
    boolean isInForce(Instant now) {
        return until == null || now.isBefore(until);
    }

    boolean stopsRollbacks() {
        return stops == Scope.PROMOTIONS_AND_ROLLBACKS;
    }

    public Optional<Instant> end() {
        return Optional.ofNullable(until);
    }

    /** {@code shop/prod}, or a pattern such as {@code *}{@code /prod}. */
    public String place() {
        return application + "/" + environment;
    }

    /** A clause without its end: {@code locked by dora: the database moves}. */
    public String clause() {
        return "locked by " + by + (stopsRollbacks() ? ", rollbacks included" : "") + ": " + reason;
    }
}
