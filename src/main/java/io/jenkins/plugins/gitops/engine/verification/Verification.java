package io.jenkins.plugins.gitops.engine.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.Json;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The verification of one deployment: a value that looks of its checks change. Its JSON form is kept, so that it goes on
 * after a restart.
 *
 * @param attempt counted from 1: a deployment may be verified again after it has failed
 * @param began when it was seen healthy
 * @param until when the checks must have passed
 * @param checks where each stands, in the order of the definition
 * @param ended when it ended, or null while it is under way
 * @param replaced by what another deployment took its place, a clause; null where none did
 * @param deployedAt when the release began to roll out: alerts that began to fire before do not count
 */
public record Verification(
        Deployed deployed,
        int attempt,
        Instant began,
        Instant until,
        VerificationDefinition definition,
        List<CheckProgress> checks,
        @CheckForNull Instant ended,
        @CheckForNull String replaced,
        Instant deployedAt) {

    /** After a restart a check has its own time, and this to look once. */
    private static final Duration ONE_LOOK = Duration.ofMinutes(1);

    private static final JsonMapper JSON = Json.records().build();

    public Verification {
        checks = List.copyOf(checks);
        // What earlier versions kept has none.
        deployedAt = deployedAt == null || deployedAt.isAfter(began) ? began : deployedAt;
    }

    /**
     * What is verified.
     *
     * @param repository address of the config repository, without a password
     * @param branch of the config repository on which the commit is
     * @param commit that is live and healthy
     * @param images that it runs
     */
    public record Deployed(
            String repository,
            String application,
            String environment,
            String branch,
            String commit,
            Map<String, Version> images) {

        public Deployed {
            images = Collections.unmodifiableMap(new TreeMap<>(images));
        }

        /** Names the deployment, on whichever controller. */
        public String id() {
            String whole = String.join("\n", repository, application, environment, commit);
            return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        /** {@code shop/prod}. */
        public String target() {
            return application + "/" + environment;
        }

        /** Whether it is about the same target of the same repository. */
        public boolean isSameTarget(Deployed other) {
            return repository.equals(other.repository) && target().equals(other.target());
        }
    }

    /** Where it is. */
    public enum Status {
        RUNNING,
        /** Every check has passed. */
        VERIFIED,
        /** A check has failed. */
        FAILED,
        /** Another deployment took its place: nothing can be said of this one. */
        SUPERSEDED,
        /** The steps that were its only check were stopped: nothing is said of it. */
        ABORTED
    }

    /** Of a deployment that was just seen healthy; alerts count from then on. */
    public static Verification begin(Deployed deployed, VerificationDefinition definition, int attempt, Instant now) {
        return begin(deployed, definition, attempt, now, now);
    }

    /**
     * Of a deployment that was just seen healthy.
     *
     * @param deployedAt when it began to roll out
     */
    public static Verification begin(
            Deployed deployed, VerificationDefinition definition, int attempt, Instant now, Instant deployedAt) {
        return new Verification(
                deployed,
                attempt,
                now,
                now.plus(definition.takes()),
                definition,
                definition.checks().stream()
                        .map(check -> CheckProgress.begin(check, now))
                        .toList(),
                null,
                null,
                deployedAt);
    }

    public Status status() {
        if (replaced != null) {
            return Status.SUPERSEDED;
        }
        if (checks.stream().anyMatch(check -> check.state() == CheckProgress.State.FAILED)) {
            return Status.FAILED;
        }
        if (checks.stream().anyMatch(check -> check.state() == CheckProgress.State.WAITING)) {
            return Status.RUNNING;
        }
        return !checks.isEmpty() && checks.stream().allMatch(check -> check.state() == CheckProgress.State.ABORTED)
                ? Status.ABORTED
                : Status.VERIFIED;
    }

    /** Whether every check that gitops.yaml declares has passed, whatever steps of a run will say. */
    public boolean isDeclaredPassed() {
        return checks.stream()
                .filter(check -> !check.check().equals(Pipeline.NAME))
                .allMatch(check -> check.state() == CheckProgress.State.PASSED);
    }

    /** The steps of a run that are a check of it. */
    public Optional<Pipeline> steps() {
        return definition.checks().stream()
                .filter(Pipeline.class::isInstance)
                .map(Pipeline.class::cast)
                .findFirst();
    }

    /** The same, as long as they have not ended. */
    public Optional<Pipeline> openSteps() {
        return open().stream().anyMatch(check -> check.check().equals(Pipeline.NAME)) ? steps() : Optional.empty();
    }

    /** With steps of a run as a check beside what is declared, in place of earlier ones. */
    Verification with(Pipeline steps) {
        List<Check> declared = Stream.concat(
                        definition.checks().stream().filter(check -> !(check instanceof Pipeline)), Stream.of(steps))
                .toList();
        List<CheckProgress> progress = Stream.concat(
                        checks.stream().filter(check -> !check.check().equals(Pipeline.NAME)),
                        Stream.of(CheckProgress.begin(steps, began)))
                .toList();
        return new Verification(
                deployed,
                attempt,
                began,
                until,
                new VerificationDefinition(definition.within(), declared),
                progress,
                null,
                replaced,
                deployedAt);
    }

    /** Another attempt at one that was verified, with steps of a run besides: what has passed stays so. */
    public Verification again(Pipeline steps) {
        return new Verification(deployed, attempt + 1, began, until, definition, checks, null, null, deployedAt)
                .with(steps);
    }

    /** Whether something was seen that speaks against the release, rather than nothing at all. */
    public boolean isAgainstRelease() {
        return checks.stream().anyMatch(check -> check.state() == CheckProgress.State.FAILED && check.against());
    }

    /** Whether alerts still decide about it. */
    public boolean observesAlerts() {
        return open().stream().anyMatch(check -> check.check().equals(Alerts.NAME));
    }

    /** Whether an alert is among those that must not begin to fire, while they are observed. */
    boolean observes(Alert alert) {
        return observesAlerts() && concerns(alert);
    }

    /** Whether an alert is among those that must not begin to fire, whenever it comes. */
    public boolean concerns(Alert alert) {
        return definition.checks().stream()
                .anyMatch(check -> check instanceof Alerts alerts && alerts.concerns(alert.labels()));
    }

    /** Whether this very alert is why it failed. */
    public boolean hasFailedOn(Alert alert) {
        String text = Sample.failed(alert).text();
        return checks.stream()
                .anyMatch(check -> check.state() == CheckProgress.State.FAILED
                        && check.check().equals(Alerts.NAME)
                        && check.text().equals(text));
    }

    /** Whether an alert began to fire since the release began to roll out. */
    public boolean isSince(Alert alert) {
        return !alert.startsAt().isBefore(deployedAt);
    }

    Check declared(CheckProgress progress) {
        return definition.checks().stream()
                .filter(check -> check.name().equals(progress.check()))
                .findFirst()
                .orElseThrow();
    }

    /** When a check must have passed. */
    Instant deadline(Check declared) {
        return until.minus(definition.takes()).plus(definition.takes(declared));
    }

    /** Those that are still looked at. */
    List<CheckProgress> open() {
        return status() == Status.RUNNING
                ? checks.stream()
                        .filter(check -> check.state() == CheckProgress.State.WAITING)
                        .toList()
                : List.of();
    }

    /** With where one check stands now. */
    Verification with(CheckProgress progress, Instant now) {
        return with(
                until,
                checks.stream()
                        .map(check -> check.check().equals(progress.check()) ? progress : check)
                        .toList(),
                now);
    }

    private Verification with(Instant end, List<CheckProgress> progress, Instant now) {
        Verification next =
                new Verification(deployed, attempt, began, end, definition, progress, null, replaced, deployedAt);
        return next.status() == Status.RUNNING
                ? next
                : new Verification(deployed, attempt, began, end, definition, progress, now, replaced, deployedAt);
    }

    /** Another deployment took its place. */
    public Verification replacedBy(String clause, Instant now) {
        return new Verification(deployed, attempt, began, until, definition, checks, now, clause, deployedAt);
    }

    /** Goes on after a restart; each check that did not pass yet has its time, as far as it begins anew. */
    Verification resumed(Instant now) {
        List<CheckProgress> open = open();
        List<CheckProgress> resumed = checks.stream()
                .map(check -> open.contains(check) ? check.resumed(declared(check), now) : check)
                .toList();
        Instant least = resumed.stream()
                .filter(check -> check.state() == CheckProgress.State.WAITING)
                .filter(check ->
                        check.check().equals(Alerts.NAME) || declared(check).hasDeadline())
                .map(check -> least(check, now))
                .max(Instant::compareTo)
                .orElse(until);
        return with(least.isAfter(until) ? least : until, resumed, now);
    }

    /** Until when the whole must last for a check to have its time. */
    private Instant least(CheckProgress check, Instant now) {
        Check declared = declared(check);
        Instant begins = Optional.ofNullable(check.goodSince()).orElseGet(() -> now.plus(ONE_LOOK));
        return begins.plus(declared.lasts()).plus(definition.takes()).minus(definition.takes(declared));
    }

    /** To be kept. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("there is no JSON form of " + this, e);
        }
    }

    /** @throws IllegalArgumentException if the text is damaged */
    public static Verification read(String json) {
        Verification read;
        try {
            read = JSON.readValue(json, Verification.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a stored verification cannot be read", e);
        }
        if (read == null) {
            throw new IllegalArgumentException("a stored verification is empty");
        }
        return read;
    }

    /** A line for each check. */
    public List<String> lines() {
        return checks.stream().map(CheckProgress::line).toList();
    }

    /** One clause that says how it ended, or where it is. */
    public String summary() {
        Set<CheckProgress.State> told =
                switch (status()) {
                    case RUNNING -> EnumSet.of(CheckProgress.State.WAITING);
                    case VERIFIED, ABORTED -> EnumSet.of(CheckProgress.State.PASSED, CheckProgress.State.ABORTED);
                    case FAILED -> EnumSet.of(CheckProgress.State.FAILED);
                    case SUPERSEDED -> EnumSet.noneOf(CheckProgress.State.class);
                };
        return told.isEmpty()
                ? String.valueOf(replaced)
                : checks.stream()
                        .filter(check -> told.contains(check.state()))
                        .map(CheckProgress::line)
                        .collect(Collectors.joining("; "));
    }

    /** {@code 4 min left}, of a check's time. */
    public String left(CheckProgress check, Instant now) {
        return Durations.text(Duration.between(now, deadline(declared(check)))) + " left";
    }
}
