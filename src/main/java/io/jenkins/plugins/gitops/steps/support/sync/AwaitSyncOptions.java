package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.config.ConfiguredDefaults;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What to wait for, how long, and what then.
 *
 * @param commit full id, or null for the run's own newest commit, else the branch's tip
 * @param images name to whole reference; empty for those that the files have at the commit
 */
public record AwaitSyncOptions(
        Subject subject,
        @CheckForNull String commit,
        LinkedHashMap<String, String> images,
        Duration timeout,
        OnTimeout onTimeout,
        OnFailure onFailure,
        Verify verify,
        Policy policy)
        implements Serializable {

    /** Where neither the step nor the configuration sets a timeout. */
    static final Duration USUAL_TIMEOUT = Duration.ofMinutes(15);

    /** What a step does with a release that is live and healthy. */
    public enum Verify {
        /** Waits for the checks that gitops.yaml declares. */
        DECLARED,
        /** Nothing more. */
        NOTHING
    }

    /** What a step does, before it fails, with a release that Argo CD does not bring live. */
    public enum OnFailure {
        /** Leaves the release where it is. */
        FAIL,
        /** Rolls back to the previous healthy release. */
        ROLLBACK;

        /** For a form. */
        public static ListBoxModel items() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.OnFailure_fail(), Parameters.keyword(FAIL));
            items.add(Messages.OnFailure_rollback(), Parameters.keyword(ROLLBACK));
            return items;
        }
    }

    /** What a step does when Argo CD has not brought the commit live in time. */
    public enum OnTimeout {
        /** The step fails. */
        FAIL,
        /** The run becomes unstable and continues. */
        UNSTABLE,
        /** The run continues; the step's result has the verdict. */
        CONTINUE;

        /** For a form. */
        public static ListBoxModel items() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.OnTimeout_fail(), Parameters.keyword(FAIL));
            items.add(Messages.OnTimeout_unstable(), Parameters.keyword(UNSTABLE));
            items.add(Messages.OnTimeout_continue(), Parameters.keyword(CONTINUE));
            return items;
        }
    }

    /** What a step does with a Rollout that stays paused until somebody resumes it. */
    public enum OnPaused {
        /** Leaves it to others. */
        WAIT,
        /** Resumes it. */
        PROMOTE,
        /** Asks people, and then resumes it, or aborts it if they reject that. */
        GATE;

        /** For a form. */
        public static ListBoxModel items() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.OnPaused_wait(), Parameters.keyword(WAIT));
            items.add(Messages.OnPaused_promote(), Parameters.keyword(PROMOTE));
            items.add(Messages.OnPaused_gate(), Parameters.keyword(GATE));
            return items;
        }
    }

    /** Which Argo CD Applications are meant. */
    public sealed interface Subject extends Serializable {

        /** One line for stage views and the status: {@code shop/dev+staging}. */
        String title();

        /**
         * Those that {@code gitops.yaml} names for an application's environments.
         *
         * @param connection key of the Argo CD connection where {@code gitops.yaml} names none; null for the only one
         */
        record Declared(
                String application,
                ArrayList<String> environments,
                @CheckForNull String connection) implements Subject {

            @Override
            public String title() {
                return application + "/" + String.join("+", environments);
            }
        }

        /**
         * Those that a step names, without {@code gitops.yaml}.
         *
         * @param labels that select further ones; empty for none
         * @param namespace of the Application resources; null for the connection's own
         */
        record Named(
                ArrayList<String> applications,
                TreeMap<String, String> labels,
                @CheckForNull String connection,
                @CheckForNull String namespace)
                implements Subject {

            @Override
            public String title() {
                String selector = AwaitedApplications.text(labels);
                return Stream.concat(applications.stream(), Stream.of(selector))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(" "));
            }
        }
    }

    /** One environment at a commit, with the policy that holds where a step sets nothing else but these. */
    public static AwaitSyncOptions of(
            String application,
            String environment,
            String commit,
            Map<String, String> images,
            Duration timeout,
            Duration unpullableGrace,
            OnFailure onFailure) {
        return new AwaitSyncOptions(
                new Subject.Declared(application, new ArrayList<>(List.of(environment)), null),
                commit,
                new LinkedHashMap<>(images),
                timeout,
                OnTimeout.FAIL,
                onFailure,
                Verify.DECLARED,
                Policy.DEFAULT.withStuck(unpullableGrace));
    }

    /**
     * How long a step waits: what it was given, else what is configured for its run.
     *
     * @throws StepParameterException if what was given is no duration
     */
    public static Duration timeout(StepContext context, @CheckForNull String given)
            throws IOException, InterruptedException {
        if (given != null) {
            return Parameters.duration("timeout", given);
        }
        return defaults(context).flatMap(ConfiguredDefaults::syncTimeout).orElse(USUAL_TIMEOUT);
    }

    /**
     * How long a new pod may be unable to start before the wait fails: what the step was given, else what is configured for
     * its run. Zero is as long as the rollout.
     *
     * @throws StepParameterException if what was given is no duration
     */
    public static Duration unpullableGrace(StepContext context, @CheckForNull String given)
            throws IOException, InterruptedException {
        return given == null
                ? defaults(context).flatMap(ConfiguredDefaults::stuckPods).orElse(Policy.DEFAULT.stuck())
                : Parameters.duration("unpullableGrace", given);
    }

    private static Optional<ConfiguredDefaults> defaults(StepContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        return run == null ? Optional.empty() : Optional.of(GitOpsSettings.defaults(run.getParent()));
    }
}
