package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.verification.CheckProgress;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Waits for verifications of what is live, and says how they stand. They are the controller's: they go on when the step is
 * stopped.
 */
final class VerificationWait {

    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    /** Commits among which the one that is verified is looked for. */
    private static final int NEWEST = 500;

    /** From a commit until it is healthy. */
    private static final Duration LONGEST_ROLLOUT = Duration.ofDays(1);

    private final GitOpsStepExecution step;
    private final Awaits awaits;
    private final BiConsumer<List<String>, Optional<SyncFailure>> ended;
    private final Map<Leg, LiveVerification> joined = new LinkedHashMap<>();
    private final Set<Leg> recorded = new HashSet<>();
    private final Map<String, Said> said = new HashMap<>();
    private boolean over;

    /** What must have passed. */
    enum Awaits {
        /** What gitops.yaml declares. Steps of a run may wait themselves for that, inside of them. */
        DECLARED,
        /** That, and the steps of a run. */
        ALL
    }

    /** What the log has of a check, and since when. */
    private record Said(String line, Instant at) {}

    /** @param ended hears once how each check ended, and what failed */
    VerificationWait(GitOpsStepExecution step, Awaits awaits, BiConsumer<List<String>, Optional<SyncFailure>> ended) {
        this.step = step;
        this.awaits = awaits;
        this.ended = ended;
    }

    /**
     * Begins them for each environment that declares checks, or joins those that are under way. Blocks while it reads the
     * declaration.
     */
    void begin(AwaitSyncPlan plan, Instant healthyAt, RepositoryChoice choice, OpenedRepository opened)
            throws Exception {
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), step.progress()), opened.branch());
        Map<Leg, LiveVerification> begun = new LinkedHashMap<>();
        for (Leg leg : plan.legs()) {
            String application = leg.application();
            String environment = leg.environment();
            String commit = leg.commit();
            if (application == null || environment == null || commit == null) {
                continue;
            }
            Environment declared = declaration.target(application, environment).environment();
            if (declared.verification().isPresent()) {
                VerificationDefinition definition = declared.verification().get();
                ReleaseVerifications.Origin origin = new ReleaseVerifications.Origin(
                        step.run().getParent().getFullName(),
                        choice,
                        step.provenance().run(),
                        step.identity(),
                        opened,
                        deployedAt(leg, definition, opened, healthyAt));
                begun.put(leg, ReleaseVerifications.get().join(deployed(leg), definition, healthyAt, origin));
            }
        }
        if (begun.isEmpty()) {
            ended.accept(List.of(), Optional.empty());
            return;
        }
        step.waits();
        follow(begun);
    }

    /** Follows those that have begun. */
    void follow(Map<Leg, LiveVerification> begun) throws Exception {
        synchronized (this) {
            joined.putAll(begun);
        }
        for (Map.Entry<Leg, LiveVerification> one : begun.entrySet()) {
            announce(one.getKey(), one.getValue().now());
            one.getValue().follow(news -> looked(one.getKey(), one.getValue()));
            one.getValue().ended().thenAccept(last -> ended(one.getKey()));
        }
        concluded();
    }

    /**
     * When the commit of a leg was written, where alerts since then count. Blocks.
     *
     * @param healthyAt where nobody asks, or the commit is not among the newest, or so old that it was live before
     */
    static Instant deployedAt(Leg leg, VerificationDefinition definition, OpenedRepository opened, Instant healthyAt) {
        if (definition.checks().stream().noneMatch(Alerts.class::isInstance)) {
            return healthyAt;
        }
        HistoryQuery commit = new HistoryQuery(one -> one.commit().equals(leg.commit()), 1, NEWEST);
        return opened.repository().history(Objects.requireNonNull(leg.branch()), commit, Progress.SILENT).stream()
                // Git leaves out the fraction of the second.
                .map(found -> found.committedAt().plusSeconds(1))
                .filter(at -> at.isAfter(healthyAt.minus(LONGEST_ROLLOUT)))
                .findFirst()
                .orElse(healthyAt);
    }

    /** What a leg has brought live; it has an address, an environment, a branch and a commit. */
    static Verification.Deployed deployed(Leg leg) {
        return new Verification.Deployed(
                Objects.requireNonNull(leg.url()),
                Objects.requireNonNull(leg.application()),
                Objects.requireNonNull(leg.environment()),
                Objects.requireNonNull(leg.branch()),
                Objects.requireNonNull(leg.commit()),
                images(leg));
    }

    private static Map<String, Version> images(Leg leg) {
        return leg.images().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, image -> ImageReference.parse(image.getValue())));
    }

    /** Waits no more. Does not block. */
    synchronized void cancel() {
        over = true;
    }

    synchronized String summary() {
        return joined.values().stream()
                .map(one -> one.now().deployed().target() + ": " + one.now().summary())
                .collect(Collectors.joining("; "));
    }

    private void announce(Leg leg, Verification begun) throws Exception {
        if (begun.status() != Verification.Status.RUNNING) {
            return;
        }
        String open = begun.checks().stream()
                .filter(check -> check.state() == CheckProgress.State.WAITING)
                .map(CheckProgress::check)
                .filter(check -> !check.equals(Pipeline.NAME))
                .collect(Collectors.joining(", "));
        String declared = open.isEmpty()
                ? ""
                : " within " + Durations.text(begun.definition().takes()) + ": " + open;
        String steps =
                awaits == Awaits.DECLARED ? "" : (open.isEmpty() ? " with" : "; and with") + " the steps of this block";
        if (!(declared + steps).isEmpty()) {
            step.progress().say("Verifying " + leg.title() + declared + steps + ".");
        }
    }

    /** Says what has changed, and every minute how each check stands. */
    private void looked(Leg leg, LiveVerification live) {
        Instant at = step.services().clock().instant();
        List<String> lines = new ArrayList<>();
        synchronized (this) {
            if (over) {
                return;
            }
            // Not as it was when the look came in: those of two checks may come in at once.
            Verification now = live.now();
            for (CheckProgress check : now.checks()) {
                if (isOwnMatterOf(check)) {
                    continue;
                }
                String key = leg.title() + " " + check.check();
                boolean isUnknown = check.goodSince() == null && !check.against();
                String kind = check.state() + " " + check.against() + " " + (isUnknown ? check.text() : "");
                Said before = said.get(key);
                boolean isWaiting = check.state() == CheckProgress.State.WAITING;
                boolean isNews = before == null
                        ? !check.text().isEmpty()
                        : !before.line().equals(kind);
                if (isNews
                        || isWaiting
                                && before != null
                                && !at.isBefore(before.at().plus(HEARTBEAT))) {
                    said.put(key, new Said(kind, at));
                    lines.add("  " + leg.title() + " " + check.line()
                            + (isWaiting ? " (" + held(now, check, at) + now.left(check, at) + ")" : ""));
                    check.details().forEach(line -> lines.add("    | " + line));
                }
            }
        }
        lines.forEach(this::say);
        concluded();
    }

    /** Whoever waits for what is declared hears nothing of steps; those that run say it themselves. */
    private boolean isOwnMatterOf(CheckProgress check) {
        return check.check().equals(Pipeline.NAME)
                && (awaits == Awaits.DECLARED || check.state() == CheckProgress.State.WAITING);
    }

    private static String held(Verification now, CheckProgress check, Instant at) {
        Instant since = check.goodSince();
        Duration needed = now.definition().checks().stream()
                .filter(declared -> declared.name().equals(check.check()))
                .map(declared -> declared.lasts())
                .findFirst()
                .orElse(Duration.ZERO);
        return since == null || needed.isZero()
                ? ""
                : "for " + Durations.text(Duration.between(since, at)) + " of " + Durations.text(needed) + ", ";
    }

    private void say(String line) {
        try {
            step.progress().say(line);
        } catch (java.io.IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(Leg leg) {
        synchronized (this) {
            recorded.add(leg);
        }
        concluded();
    }

    /** The first that is not verified ends the wait, or the last that is; each when its end is recorded. */
    private void concluded() {
        List<Verification> all;
        List<Leg> bad;
        synchronized (this) {
            all = joined.values().stream().map(LiveVerification::now).toList();
            bad = joined.entrySet().stream()
                    .filter(one -> recorded.contains(one.getKey()))
                    .filter(one -> isBad(one.getValue().now()))
                    .map(Map.Entry::getKey)
                    .toList();
            boolean isEnd = !bad.isEmpty()
                    || joined.entrySet().stream()
                            .allMatch(one -> isGood(one.getValue().now(), recorded.contains(one.getKey())));
            if (over || !isEnd) {
                return;
            }
            over = true;
        }
        if (bad.isEmpty()) {
            say("Verified: " + sentence(all, VerificationWait::passed));
            ended.accept(all.stream().flatMap(one -> passed(one).stream()).toList(), Optional.empty());
            return;
        }
        List<Verification> failed = all.stream().filter(VerificationWait::isBad).toList();
        ArrayList<Leg> toTakeBack = new ArrayList<>(bad.stream()
                .filter(leg -> joined.get(leg).now().status() == Verification.Status.FAILED)
                .toList());
        SyncFailure failure = new SyncFailure(
                "Not verified: " + sentence(failed, one -> List.of(one.summary())),
                step.services().clock().instant(),
                toTakeBack,
                SyncFailure.Phase.VERIFICATION);
        ended.accept(List.of(), Optional.of(failure));
    }

    private static List<String> passed(Verification one) {
        return one.checks().stream()
                .filter(check -> check.state() == CheckProgress.State.PASSED)
                .map(CheckProgress::line)
                .toList();
    }

    private boolean isGood(Verification one, boolean isRecorded) {
        return isRecorded && one.status() == Verification.Status.VERIFIED
                || awaits == Awaits.DECLARED && one.status() == Verification.Status.RUNNING && one.isDeclaredPassed();
    }

    private static boolean isBad(Verification one) {
        return switch (one.status()) {
            case RUNNING, VERIFIED -> false;
            case FAILED, SUPERSEDED, ABORTED -> true;
        };
    }

    private static String sentence(List<Verification> some, Function<Verification, List<String>> lines) {
        String all = some.stream()
                .map(one -> one.deployed().target() + ": " + String.join("; ", lines.apply(one)))
                .collect(Collectors.joining("; "));
        return all + (all.endsWith(".") ? "" : ".");
    }
}
