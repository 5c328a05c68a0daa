package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.steps.support.FailureConduct;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What to wait for, as the step's parameters say it. */
public record AwaitSyncWish(
        @CheckForNull String application,
        @NonNull List<String> environments,
        @CheckForNull String commit,
        @NonNull Map<String, String> images,
        @NonNull List<String> argoApplications,
        @CheckForNull String selector,
        @CheckForNull String connection,
        @CheckForNull String namespace)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    public AwaitSyncWish {
        environments = new ArrayList<>(environments);
        images = new LinkedHashMap<>(images);
        argoApplications = new ArrayList<>(argoApplications);
    }

    /** Whether Argo CD Applications are named rather than an application of {@code gitops.yaml}. */
    public boolean namesArgoApplications() {
        return !argoApplications.isEmpty() || selector != null;
    }

    /** @throws StepParameterException if the parameters contradict each other or one is missing */
    @NonNull
    public AwaitSyncWish check(@NonNull FailureConduct onFailure) {
        if (namesArgoApplications() && onFailure == FailureConduct.ROLLBACK) {
            throw new StepParameterException("gitopsAwaitSync was given onFailure: 'rollback' together with Argo CD"
                    + " Applications, whose files it does not know: give 'application' and 'environment' as gitops.yaml"
                    + " declares them.");
        }
        if (namesArgoApplications() && (application != null || !environments.isEmpty())) {
            throw new StepParameterException("gitopsAwaitSync was given Argo CD Applications together with"
                    + " 'application' or 'environment': give one or the other.");
        }
        if (!namesArgoApplications() && application == null) {
            throw new StepParameterException("gitopsAwaitSync does not say what to wait for: give 'application' and"
                    + " 'environment' as gitops.yaml declares them, or 'argoApplications'.");
        }
        if (!namesArgoApplications() && environments.isEmpty()) {
            throw new StepParameterException("gitopsAwaitSync does not say where '" + application
                    + "' is to be live: give 'environment', or 'environments' for several.");
        }
        if (commit != null) {
            requireCommit(commit);
        }
        return this;
    }

    /** @throws StepParameterException if it is not the whole id of a commit */
    public static void requireCommit(@NonNull String commit) {
        if (!commit.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            throw new StepParameterException("'" + commit + "' is not a full commit id: give gitopsAwaitSync the commit"
                    + " that gitopsBumpImage returned.");
        }
    }

    /** The selector {@code key=value,…} taken apart. */
    @NonNull
    public TreeMap<String, String> labels() {
        return labels(Objects.requireNonNull(selector));
    }

    /** @throws StepParameterException if it is no selector of labels that must be equal */
    @NonNull
    public static TreeMap<String, String> labels(@NonNull String selector) {
        TreeMap<String, String> labels = new TreeMap<>();
        for (String term : selector.split(",")) {
            String[] parts = term.strip().split("==?", 2);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank() || parts[0].endsWith("!")) {
                throw new StepParameterException("'" + selector + "' is not a label selector that gitopsAwaitSync"
                        + " knows: write key=value, several with commas.");
            }
            labels.put(parts[0].strip(), parts[1].strip());
        }
        return labels;
    }

    /** One line for stage views and the status: {@code shop/dev+staging}. */
    @NonNull
    public String title() {
        return namesArgoApplications()
                ? Stream.concat(argoApplications.stream(), Stream.ofNullable(selector))
                        .collect(Collectors.joining(" "))
                : application + "/" + String.join("+", environments);
    }

    /** Likewise from a call's arguments. */
    @CheckForNull
    public static String describe(@NonNull Map<String, Object> arguments) {
        Object several = arguments.get("environments");
        String places = several instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining("+"))
                : Objects.toString(arguments.get("environment"), null);
        Object named = arguments.get("argoApplications");
        String argo = named instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : null;
        String target = Stream.of(Objects.toString(arguments.get("application"), null), places)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
        String line = Stream.of(target, argo, Objects.toString(arguments.get("selector"), null))
                .filter(Objects::nonNull)
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(" "));
        return line.isBlank() ? null : line;
    }
}
