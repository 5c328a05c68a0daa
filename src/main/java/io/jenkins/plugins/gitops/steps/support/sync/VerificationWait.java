package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Waits for the verifications of what a step has brought live, one for each environment that declares checks, and says how
 * they stand. They are the controller's: they go on when the step is stopped.
 */
final class VerificationWait {

    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    private final GitOpsStepExecution step;
    private final AwaitSyncPlan plan;
    private final Instant healthyAt;
    private final BiConsumer<List<String>, Optional<SyncFailure>> ended;
    private final Map<Leg, LiveVerification> joined = new LinkedHashMap<>();
    private final Map<String, Said> said = new HashMap<>();
    private boolean over;

    /** What the log has of a check, and since when. */
    private record Said(String line, Instant at) {}

    /** @param ended hears once how each check ended, and what failed */
    VerificationWait(
            GitOpsStepExecution step,
            AwaitSyncPlan plan,
            Instant healthyAt,
            BiConsumer<List<String>, Optional<SyncFailure>> ended) {
        this.step = step;
        this.plan = plan;
        this.healthyAt = healthyAt;
        this.ended = ended;
    }

    /** Begins them, or joins those that are under way. Blocks while it reads the declaration. */
    void begin(RepositoryChoice choice, OpenedRepository opened) throws Exception {
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), step.progress()), opened.branch());
        ReleaseVerifications.Origin origin = new ReleaseVerifications.Origin(
                step.run().getParent().getFullName(), choice, step.provenance().run(), step.identity(), opened);
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
                Verification.Deployed deployed = deployed(opened, leg);
                begun.put(
                        leg,
                        ReleaseVerifications.get()
                                .join(deployed, declared.verification().get(), healthyAt, origin));
            }
        }
        if (begun.isEmpty()) {
            ended.accept(List.of(), Optional.empty());
            return;
        }
        synchronized (this) {
            joined.putAll(begun);
        }
        step.waits();
        for (Map.Entry<Leg, LiveVerification> one : begun.entrySet()) {
            announce(one.getKey(), one.getValue().now());
            one.getValue().follow(news -> looked(one.getKey(), one.getValue()));
            one.getValue().ended().thenAccept(last -> concluded());
        }
    }

    /** What a leg has brought live; it has an environment and a commit. */
    static Verification.Deployed deployed(OpenedRepository opened, Leg leg) {
        return new Verification.Deployed(
                opened.url(),
                Objects.requireNonNull(leg.application()),
                Objects.requireNonNull(leg.environment()),
                Objects.requireNonNullElse(leg.branch(), opened.branch()),
                Objects.requireNonNull(leg.commit()),
                images(leg));
    }

    private static Map<String, ImageReference> images(Leg leg) {
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
        if (begun.status() == Verification.Status.RUNNING) {
            step.progress()
                    .say("Verifying " + leg.title() + " within "
                            + Durations.text(begun.definition().within()) + ": "
                            + begun.checks().stream().map(CheckProgress::check).collect(Collectors.joining(", "))
                            + ".");
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
                            + (isWaiting ? " (" + held(now, check, at) + now.left(at) + ")" : ""));
                }
            }
        }
        lines.forEach(this::say);
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

    /** One has ended: the first that is not verified ends the wait, or the last that is. */
    private void concluded() {
        List<Verification> all;
        List<Leg> bad;
        synchronized (this) {
            all = joined.values().stream().map(LiveVerification::now).toList();
            bad = joined.entrySet().stream()
                    .filter(one -> isBad(one.getValue().now()))
                    .map(Map.Entry::getKey)
                    .toList();
            boolean isEnd =
                    !bad.isEmpty() || all.stream().allMatch(one -> one.status() == Verification.Status.VERIFIED);
            if (over || !isEnd) {
                return;
            }
            over = true;
        }
        if (bad.isEmpty()) {
            say("Verified: " + sentence(all));
            ended.accept(all.stream().flatMap(one -> one.lines().stream()).toList(), Optional.empty());
            return;
        }
        List<Verification> failed = all.stream().filter(VerificationWait::isBad).toList();
        ArrayList<Leg> toTakeBack = new ArrayList<>(bad.stream()
                .filter(leg -> joined.get(leg).now().status() == Verification.Status.FAILED)
                .toList());
        SyncFailure failure = new SyncFailure(
                "Not verified: " + sentence(failed),
                step.services().clock().instant(),
                toTakeBack,
                SyncFailure.Phase.VERIFICATION);
        ended.accept(List.of(), Optional.of(failure));
    }

    private static boolean isBad(Verification one) {
        return one.status() == Verification.Status.FAILED || one.status() == Verification.Status.SUPERSEDED;
    }

    private static String sentence(List<Verification> some) {
        String all = some.stream()
                .map(one -> one.deployed().target() + ": " + one.summary())
                .collect(Collectors.joining("; "));
        return all + (all.endsWith(".") ? "" : ".");
    }
}
