package io.jenkins.plugins.gitops.pages.verification;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.init.InitMilestone;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.SimpleParameterDefinition;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.verification.CheckProbe;
import io.jenkins.plugins.gitops.engine.verification.Sample;
import io.jenkins.plugins.gitops.pages.verification.Kept.StartedBuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;

/**
 * Starts a job once, and looks at its build. The verification's record and the build name each other as soon as the build
 * begins. If neither the queue nor the job has such a build after a restart, none has begun, and the job is started again.
 */
@SuppressWarnings("try") // being closed is all that contexts are for
final class JobProbe implements CheckProbe {

    /** Builds of the job that are looked at for the one that was started. */
    private static final int MOST_BUILDS = 500;

    /** Clocks are set: what is this much older than the verification is still looked at. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final JenkinsJob check;
    private final VerificationBuild build;
    private final ReleaseVerifications records;
    private final ReentrantLock lock = new ReentrantLock();
    private Phase phase = Phase.UNKNOWN;
    private boolean over;

    /** What was seen of the queue since the controller started. */
    private enum Phase {
        UNKNOWN,
        QUEUED,
        /** It is not there any more. */
        LEFT
    }

    JobProbe(JenkinsJob check, VerificationBuild build, ReleaseVerifications records) {
        this.check = check;
        this.build = build;
        this.records = records;
    }

    /** Does not wait for a look before it that takes long: nothing is started twice. */
    @Override
    public CompletionStage<Sample> look() {
        if (!lock.tryLock()) {
            return CompletableFuture.completedFuture(Sample.missed("Jenkins is slow to queue the job"));
        }
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return CompletableFuture.completedFuture(sample());
        } finally {
            lock.unlock();
        }
    }

    /** What still waits for an executor is not built any more; what is built already goes on to its end. */
    @Override
    public void ended() {
        lock.lock();
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            over = true;
            waiting().ifPresent(item -> queue().cancel(item));
        } finally {
            lock.unlock();
        }
    }

    private Sample sample() {
        if (over) {
            return Sample.missed("no longer needed");
        }
        if (Jenkins.get().getInitLevel() != InitMilestone.COMPLETED) {
            // The queue may not be loaded yet, and with it what was started.
            return Sample.missed("Jenkins is starting");
        }
        Optional<Kept> kept = records.find(build.deployment());
        Optional<Job<?, ?>> from = kept.flatMap(record -> GitOpsSettings.item(record.job(), Job.class))
                .map(found -> (Job<?, ?>) found);
        if (from.isEmpty()) {
            return Sample.impossible("the job that deployed the release was deleted");
        }
        // In this order: what is in neither has left the queue for a build before.
        if (waiting().isPresent()) {
            return Sample.missed(check.job() + " waits in the build queue");
        }
        StartedBuild begun = kept.get().builds().get(check.name());
        if (begun != null) {
            return judge(begun);
        }
        Optional<Job<?, ?>> job = kept.get().identity().buildable(check.job(), from.get());
        if (job.isEmpty()) {
            return Sample.impossible("there is no job '" + check.job() + "' that this run may build");
        }
        Optional<Run<?, ?>> unrecorded = find(job.get(), kept.get());
        if (unrecorded.isPresent()) {
            return judge(unrecorded.get());
        }
        return phase == Phase.UNKNOWN ? start(job.get(), kept.get()) : left();
    }

    private Optional<Queue.Item> waiting() {
        Optional<Queue.Item> found =
                Arrays.stream(queue().getItems()).filter(build::isOn).findFirst();
        if (found.isPresent()) {
            phase = Phase.QUEUED;
        }
        return found;
    }

    /** It is no longer in the queue, and there is no build of it, which may be about to begin. */
    private Sample left() {
        if (phase == Phase.QUEUED) {
            phase = Phase.LEFT;
            return Sample.missed(check.job() + " is about to begin");
        }
        return Sample.impossible(
                check.job() + " was cancelled in the build queue, which says nothing about the release");
    }

    private Optional<Run<?, ?>> find(Job<?, ?> job, Kept kept) {
        long oldest = kept.verification().began().minus(CLOCKS_DIFFER).toEpochMilli();
        Run<?, ?> run = job.getLastBuild();
        for (int looked = 0; run != null && looked < MOST_BUILDS && run.getTimeInMillis() >= oldest; looked++) {
            if (build.isOn(run)) {
                return Optional.of(run);
            }
            run = run.getPreviousBuild();
        }
        return Optional.empty();
    }

    private Sample judge(StartedBuild begun) {
        Optional<Run<?, ?>> run = GitOpsSettings.item(begun.job(), Job.class)
                .map(job -> (Run<?, ?>) job.getBuildByNumber(begun.number()));
        return run.map(this::judge)
                .orElseGet(() -> Sample.impossible(begun.job() + " #" + begun.number()
                        + " was deleted, or lost when Jenkins stopped, before its result was seen, which says nothing"
                        + " about the release"));
    }

    private Sample judge(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        String name = run.getParent().getFullName() + " #" + run.getNumber();
        String link = root == null ? "" : ": " + root + run.getUrl();
        if (run.isBuilding()) {
            return Sample.missed(name + " is running" + link);
        }
        Result result = run.getResult();
        if (result == null || result.equals(Result.NOT_BUILT)) {
            return Sample.impossible(name + " ended without a result" + link);
        }
        if (result.equals(Result.ABORTED) && run.getAction(InterruptedBuildAction.class) == null) {
            // A person or a time limit leaves a cause; Jenkins leaves none when it stops.
            return Sample.impossible(
                    name + " was aborted when Jenkins stopped, or without a cause, which says nothing about the release"
                            + link);
        }
        return new Sample(
                result.equals(Result.SUCCESS) ? Sample.Kind.GOOD : Sample.Kind.FAILED,
                name + " ended with " + result + link);
    }

    private Sample start(Job<?, ?> job, Kept kept) {
        List<Action> actions = new ArrayList<>();
        actions.add(build);
        actions.add(new CauseAction(causes(kept)));
        ParametersDefinitionProperty declared = job.getProperty(ParametersDefinitionProperty.class);
        List<ParameterDefinition> definitions = declared == null ? List.of() : declared.getParameterDefinitions();
        TreeSet<String> unknown = new TreeSet<>(check.parameters().keySet());
        definitions.forEach(definition -> unknown.remove(definition.getName()));
        if (!unknown.isEmpty()) {
            return Sample.impossible(
                    "the job '" + check.job() + "' does not declare the parameter '" + unknown.first() + "'");
        }
        try {
            if (declared != null) {
                actions.add(new ParametersAction(definitions.stream()
                        .map(this::value)
                        .filter(Objects::nonNull)
                        .toList()));
            }
        } catch (IllegalArgumentException unfit) {
            return Sample.impossible("the job '" + check.job() + "' cannot be started: " + unfit.getMessage());
        }
        Queue.Item item;
        try (ACLContext as = ACL.as2(kept.identity().authentication())) {
            item = ParameterizedJobMixIn.scheduleBuild2(job, 0, actions.toArray(Action[]::new));
        }
        if (item == null) {
            return Sample.impossible(
                    "the job '" + check.job() + "' cannot be started: it is disabled, or Jenkins refuses it");
        }
        phase = Phase.QUEUED;
        return Sample.missed(check.job() + " waits in the build queue");
    }

    @CheckForNull
    private ParameterValue value(ParameterDefinition definition) {
        String name = definition.getName();
        String given = check.parameters().get(name);
        if (given == null) {
            return definition.getDefaultParameterValue();
        }
        ParameterValue value =
                definition instanceof SimpleParameterDefinition simple ? simple.createValue(given) : null;
        if (value == null) {
            throw new IllegalArgumentException("the parameter '" + name + "' takes no text");
        }
        if (value.isSensitive()) {
            throw new IllegalArgumentException(
                    "the parameter '" + name + "' is a secret, which gitops.yaml must not contain");
        }
        return value;
    }

    private Cause[] causes(Kept kept) {
        List<Cause> causes = new ArrayList<>(List.of(build.cause()));
        kept.identity().deploying().ifPresent(run -> causes.add(new Cause.UpstreamCause(run)));
        return causes.toArray(Cause[]::new);
    }

    private static Queue queue() {
        return Jenkins.get().getQueue();
    }
}
