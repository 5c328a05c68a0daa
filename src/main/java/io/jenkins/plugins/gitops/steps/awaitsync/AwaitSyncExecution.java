package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.ConfigurationException;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.promotion.RolloutQuestions;
import io.jenkins.plugins.gitops.engine.promotion.StoppedException;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnPaused;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitedSync;
import io.jenkins.plugins.gitops.steps.support.sync.PausedRollouts;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Waits for what its parameters name. */
class AwaitSyncExecution extends GatedStepExecution {

    private static final long serialVersionUID = 5L;

    /** So long after it was resumed, a Rollout may still be said to be at that pause. */
    private static final Duration GOES_ON = Duration.ofMinutes(1);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final AwaitSyncOptions options;
    private final AwaitSyncStep step;
    private final AwaitedSync awaited;

    private final OnPaused onPaused;

    /** The Rollouts that people are asked about, as they were then, and since when; null while nobody is. */
    @CheckForNull
    private volatile PausedRollouts asked;

    /** Those that were resumed last, as they were found, and when; null before. */
    @CheckForNull
    private volatile PausedRollouts resumed;

    AwaitSyncExecution(StepContext context, AwaitSyncOptions options, OnPaused onPaused, AwaitSyncStep step) {
        super(context, OnRejected.FAIL);
        this.options = options;
        this.onPaused = onPaused;
        this.step = step;
        this.awaited = new AwaitedSync(options);
    }

    @Override
    protected void proceed() throws Exception {
        Optional<Gate> kept = kept();
        PausedRollouts found = asked;
        if (kept.isPresent() && found != null) {
            resumeAt(kept.get(), questions(found));
        } else {
            await();
        }
    }

    private RolloutQuestions questions(PausedRollouts found) throws Exception {
        return found.questions(services(), step.open(run(), environment()), (Subject.Declared) options.subject());
    }

    /** Asks people whether to go on; a Rollout that somebody, or this step, has resumed meanwhile needs no answer. */
    private void paused(AwaitSyncPlan plan) throws Exception {
        PausedRollouts found = PausedRollouts.find(services(), plan);
        PausedRollouts before = resumed;
        if (before != null && before.since().plus(GOES_ON).isAfter(found.since())) {
            found = found.without(before);
        }
        if (found.isEmpty()) {
            services().scheduler().schedule(() -> submit(this::await), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        asked = found;
        remember();
        Subject.Declared declared = (Subject.Declared) options.subject();
        waitAt(
                new GateSubject.Question(gateId(), found.question(), provenance()),
                found.gate(step.open(run(), environment()), declared, provenance(), progress()),
                questions(found));
    }

    /** Where nothing was resumed before Jenkins stopped, a freeze or a lock may have begun meanwhile. */
    @Override
    protected void grantedBefore(LiveGate granted) throws Exception {
        if (Objects.requireNonNull(asked).isAnyLeft(services())) {
            granted.reopen("Jenkins restarted before the Rollout was resumed; its requirements are checked again");
        } else {
            pass(granted);
        }
    }

    @Override
    public void granted(LiveGate granted) throws Exception {
        PausedRollouts found = Objects.requireNonNull(asked);
        Optional<StoppedException> locked =
                found.isAnyLeft(services()) ? questions(found).locked(progress()) : Optional.empty();
        if (locked.isPresent()) {
            waitAgain(granted, locked.get().getMessage());
            return;
        }
        granted.answered();
        progress().say(found.act(services(), RolloutAction.RESUME));
        Instant now = services().clock().instant();
        awaited.extend(Duration.between(found.since(), now));
        asked = null;
        resumed = found.at(now);
        nextGate();
        remember();
        await();
    }

    @Override
    protected void notGranted(Gate ended) throws Exception {
        PausedRollouts found = asked;
        if (found != null && ended.status() == GateStatus.REJECTED) {
            progress().say(found.act(services(), RolloutAction.ABORT));
        }
    }

    @Override
    protected Serializable refused(Gate ended) {
        throw new IllegalStateException("a rejected Rollout fails the step");
    }

    private void await() throws Exception {
        if (onPaused == OnPaused.GATE) {
            awaited.whenPaused(this::paused);
        }
        Optional<OpenedRepository> repository = repository();
        if (repository.isPresent() && options.subject() instanceof Subject.Declared declared) {
            worksOn(step.choice(), declared.application());
        }
        awaited.proceed(this, step.choice(), repository, (plan, live, took) -> succeed(result(plan, live, took)));
    }

    /** Where Argo CD Applications are named by hand, a config repository helps to compare commits but is not needed. */
    private Optional<OpenedRepository> repository() throws Exception {
        if (options.subject() instanceof Subject.Declared) {
            return Optional.of(step.open(run(), environment()));
        }
        RepositoryChoice choice = step.choice();
        try {
            OpenedRepository opened = step.committing(choice.openForFiles(run()), environment());
            return Optional.of(
                    Optional.ofNullable(choice.branch()).map(opened::on).orElse(opened));
        } catch (ConfigurationException none) {
            if (choice.equals(RepositoryChoice.USUAL)) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private static LinkedHashMap<String, Object> result(AwaitSyncPlan plan, AwaitedSync.Live live, Duration took) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("verdict", live.kind().name());
        map.put("summary", live.summary());
        map.put("commit", plan.legs().get(0).commit());
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        plan.legs().forEach(leg -> leg.images().forEach(images::putIfAbsent));
        map.put("images", images);
        map.put("targets", new ArrayList<>(plan.legs().stream().map(Leg::title).toList()));
        map.put("checks", live.checks());
        map.put("durationMillis", took.toMillis());
        return map;
    }

    @Override
    protected void released() {
        awaited.cancel();
        super.released();
    }

    @Override
    public String getStatus() {
        if (isAtGate()) {
            return super.getStatus();
        }
        return awaited.summary()
                .orElseGet(() ->
                        Messages.AwaitSyncExecution_status(options.subject().title()));
    }
}
