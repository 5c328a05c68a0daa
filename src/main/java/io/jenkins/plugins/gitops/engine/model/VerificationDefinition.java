package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What must hold of a release once it is live and healthy, as {@code gitops.yaml} declares it. Its JSON form is kept while a
 * verification is under way.
 *
 * @param within how long the checks may take together, from the moment the release was healthy
 * @param checks in order, each with a name of its own
 */
public record VerificationDefinition(Duration within, List<Check> checks) {

    /** Where {@code within} is not declared. */
    static final Duration USUAL_WITHIN = Duration.ofMinutes(15);

    /** Where {@code interval} is not declared. */
    static final Duration USUAL_INTERVAL = Duration.ofSeconds(15);

    /** Where {@code observe} is not declared. */
    static final Duration USUAL_OBSERVE = Duration.ofMinutes(30);

    public VerificationDefinition {
        checks = List.copyOf(checks);
    }

    /** What is declared, if anything is, and steps of a run besides. */
    public static VerificationDefinition of(Optional<VerificationDefinition> declared, Pipeline steps) {
        return new VerificationDefinition(
                declared.map(VerificationDefinition::within).orElse(USUAL_WITHIN),
                Stream.concat(declared.stream().flatMap(definition -> definition.checks().stream()), Stream.of(steps))
                        .toList());
    }

    /** How long the whole verification may take: an observation of alerts may last longer than {@link #within}. */
    public Duration takes() {
        return checks.stream()
                .filter(Alerts.class::isInstance)
                .map(Check::lasts)
                .filter(observe -> observe.compareTo(within) > 0)
                .findFirst()
                .orElse(within);
    }

    /** How long a check may take: all but an observation of alerts are decided {@link #within} their time. */
    public Duration takes(Check check) {
        return check instanceof Alerts ? takes() : within;
    }

    /** Something that is looked at again and again until it has held long enough. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Http.class, name = "http"),
        @JsonSubTypes.Type(value = Prometheus.class, name = "prometheus"),
        @JsonSubTypes.Type(value = JenkinsJob.class, name = "job"),
        @JsonSubTypes.Type(value = KubernetesJob.class, name = "kubernetesJob"),
        @JsonSubTypes.Type(value = Alerts.class, name = Alerts.NAME),
        @JsonSubTypes.Type(value = Pipeline.class, name = "pipeline")
    })
    public sealed interface Check {

        /** What people call it; unique within the environment. */
        String name();

        /** How long it must hold without a break; zero for one good look. */
        Duration lasts();

        /** Time from one look to the next. */
        Duration interval();

        /** Whether it must have passed when the time of the verification is over. */
        default boolean hasDeadline() {
            return true;
        }
    }

    /**
     * An address that must answer as expected.
     *
     * @param url http or https
     * @param status that is expected
     * @param body text that the answer must contain, or null for any
     */
    public record Http(
            String name, String url, int status, @Nullable String body, Duration lasts, Duration interval)
            implements Check {}

    /**
     * A query whose value must be within bounds.
     *
     * @param connection name of the Prometheus connection in Jenkins
     * @param above what the value must exceed, or null
     * @param below what must exceed the value, or null; one of the two is there
     */
    public record Prometheus(
            String name,
            String connection,
            String query,
            @Nullable Double above,
            @Nullable Double below,
            NoData noData,
            Duration lasts,
            Duration interval)
            implements Check {}

    /**
     * A Jenkins job that is started once and must succeed.
     *
     * @param job its name, relative to the folder of the job that deploys
     * @param parameters by name; the others have their defaults
     */
    public record JenkinsJob(String name, String job, Map<String, String> parameters, Duration interval)
            implements Check {

        public JenkinsJob {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /** Its result does not change. */
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }
    }

    /**
     * A Job of a cluster that is created once and must complete.
     *
     * @param manifest path of its manifest in the config repository
     * @param connection name of the Argo CD connection in Jenkins, or null for the only one
     * @param namespace where it runs, or null for the manifest's
     */
    public record KubernetesJob(
            String name,
            String manifest,
            @Nullable String connection,
            @Nullable String namespace,
            Duration interval) implements Check {

        /** Its result does not change. */
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }
    }

    /**
     * Alerts that must not begin to fire for some time. It is the one check of its kind, and so has no name of its own.
     *
     * @param match patterns for the values of labels, by label; an alert that has all of them counts
     * @param lasts how long, from the moment the release was healthy
     */
    public record Alerts(Map<String, String> match, Duration lasts) implements Check {

        public static final String NAME = "alerts";

        public Alerts {
            match = Collections.unmodifiableMap(new TreeMap<>(match));
        }

        @Override
        public String name() {
            return NAME;
        }

        /** Alerts come by themselves: a look only says how much of the time is over. */
        @Override
        public Duration interval() {
            return Duration.ofMinutes(1);
        }

        /** It ends by itself. */
        @Override
        public boolean hasDeadline() {
            return false;
        }

        /** Whether an alert with these labels counts. */
        public boolean concerns(Map<String, String> labels) {
            return match.entrySet().stream().allMatch(wanted -> {
                String value = labels.get(wanted.getKey());
                return value != null && Glob.ofPaths(wanted.getValue()).matches(value);
            });
        }
    }

    /**
     * Steps of a run, which alone say how the check ends; {@code gitops.yaml} does not declare it. A look only tells whether
     * the run still exists.
     *
     * @param run id of the run, as Jenkins finds it
     * @param step names the step that has them as its body
     */
    public record Pipeline(String run, String step) implements Check {

        /** No declared check has this name. */
        public static final String NAME = "pipeline";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public Duration interval() {
            return Duration.ofMinutes(1);
        }

        @Override
        public boolean hasDeadline() {
            return false;
        }
    }

    /** What a query without a value counts as. */
    public enum NoData {
        /** Nothing: it is asked again until the time is over. */
        WAIT,
        /** A value out of bounds. */
        FAIL,
        /** A value within bounds. */
        PASS
    }
}
