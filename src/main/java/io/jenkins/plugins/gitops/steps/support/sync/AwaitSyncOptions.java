package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        @NonNull Subject subject,
        @CheckForNull String commit,
        @NonNull LinkedHashMap<String, String> images,
        @NonNull Duration timeout,
        @NonNull OnTimeout onTimeout,
        @NonNull OnFailure onFailure,
        @NonNull Policy policy)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Where neither the step nor the configuration sets a timeout. */
    static final Duration USUAL_TIMEOUT = Duration.ofMinutes(15);

    /** Which Argo CD Applications are meant. */
    public sealed interface Subject extends Serializable {

        /** One line for stage views and the status: {@code shop/dev+staging}. */
        @NonNull
        String title();

        /**
         * Those that {@code gitops.yaml} names for an application's environments.
         *
         * @param connection key of the Argo CD connection where {@code gitops.yaml} names none; null for the only one
         */
        record Declared(
                @NonNull String application,
                @NonNull ArrayList<String> environments,
                @CheckForNull String connection) implements Subject {

            private static final long serialVersionUID = 1L;

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
                @NonNull ArrayList<String> applications,
                @NonNull TreeMap<String, String> labels,
                @CheckForNull String connection,
                @CheckForNull String namespace)
                implements Subject {

            private static final long serialVersionUID = 1L;

            @Override
            public String title() {
                String selector = labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
                return Stream.concat(applications.stream(), Stream.of(selector))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(" "));
            }
        }
    }

    /** One environment at a commit, with the policy that holds where a step sets nothing else. */
    @NonNull
    public static AwaitSyncOptions of(
            @NonNull String application,
            @NonNull String environment,
            @NonNull String commit,
            @NonNull Map<String, String> images,
            @NonNull Duration timeout,
            @NonNull OnFailure onFailure) {
        return new AwaitSyncOptions(
                new Subject.Declared(application, new ArrayList<>(List.of(environment)), null),
                commit,
                new LinkedHashMap<>(images),
                timeout,
                OnTimeout.FAIL,
                onFailure,
                Policy.DEFAULT);
    }

    /**
     * How long a step waits: what it was given, else what is configured for its run.
     *
     * @throws StepParameterException if what was given is no duration
     */
    @NonNull
    public static Duration timeout(@NonNull StepContext context, @CheckForNull String given)
            throws IOException, InterruptedException {
        if (given != null) {
            return Parameters.duration("timeout", given);
        }
        Run<?, ?> run = context.get(Run.class);
        return run == null
                ? USUAL_TIMEOUT
                : GitOpsSettings.defaults(run.getParent()).syncTimeout().orElse(USUAL_TIMEOUT);
    }
}
