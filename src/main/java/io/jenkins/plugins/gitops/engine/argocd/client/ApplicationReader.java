package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Health;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Hydration;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation.Phase;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Source;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads an Application resource ({@code argoproj.io/v1alpha1}) as either API gives it. Unknown fields are passed over,
 * missing ones are empty: every Argo CD 2.x and 3.x can be read.
 *
 * @see <a href="https://github.com/argoproj/argo-cd/blob/master/pkg/apis/application/v1alpha1/types.go">types.go</a>
 */
public final class ApplicationReader {

    /** Enough to name the culprits; an Application can have thousands of resources. */
    private static final int MAX_RESOURCES = 20;

    private static final int MAX_MESSAGE = 2_000;
    private static final Set<String> FAILED_HOOK = Set.of("Failed", "Error");

    /** Requests a refresh; Argo CD removes it when the comparison is done. */
    public static final String REFRESH_ANNOTATION = "argocd.argoproj.io/refresh";

    /** When it was requested (RFC 3339), so that every request is a change; understood after Argo CD 3.5.1. */
    public static final String REFRESH_TIMESTAMP_ANNOTATION = "argocd.argoproj.io/refresh-timestamp";

    private ApplicationReader() {}

    public static Observation read(JsonNode root) {
        JsonNode metadata = root.path("metadata");
        JsonNode spec = root.path("spec");
        JsonNode status = root.path("status");
        JsonNode sync = status.path("sync");
        return new Observation(
                new ApplicationName(text(metadata, "namespace"), text(metadata, "name")),
                text(metadata, "resourceVersion"),
                strings(metadata.path("labels")),
                traits(root),
                refresh(metadata),
                sources(spec),
                SyncState.of(text(sync, "status")),
                revisions(sync),
                health(status.path("health")),
                operation(status.path("operationState")),
                instant(status, "reconciledAt"),
                list(status.path("conditions"), ApplicationReader::condition),
                list(status.path("summary").path("images"), JsonNode::asText),
                list(status.path("history"), ApplicationReader::revisions),
                hydration(spec, status.path("sourceHydrator")),
                resources(status.path("resources")),
                children(status.path("resources"), text(metadata, "namespace")));
    }

    /** Anything but {@code hard} compares as a normal refresh does. */
    private static Optional<Refresh> refresh(JsonNode metadata) {
        JsonNode requested = metadata.path("annotations").path(REFRESH_ANNOTATION);
        return requested.isMissingNode() || requested.isNull()
                ? Optional.empty()
                : Optional.of(requested.asText().equals("hard") ? Refresh.HARD : Refresh.NORMAL);
    }

    private static Set<Trait> traits(JsonNode root) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        JsonNode metadata = root.path("metadata");
        JsonNode status = root.path("status");
        JsonNode automated = root.path("spec").path("syncPolicy").path("automated");
        addIf(traits, Trait.DELETING, metadata.hasNonNull("deletionTimestamp"));
        addIf(traits, Trait.OPERATION_REQUESTED, root.hasNonNull("operation"));
        addIf(traits, Trait.AUTO_SYNC, automated.path("enabled").asBoolean(automated.isObject()));
        addIf(
                traits,
                Trait.PARTLY_SYNCED,
                !status.path("operationState")
                        .path("operation")
                        .path("sync")
                        .path("resources")
                        .isEmpty());
        addIf(
                traits,
                Trait.NEEDS_PRUNING,
                stream(status.path("resources"))
                        .anyMatch(resource -> resource.path("requiresPruning").asBoolean()));
        addIf(
                traits,
                Trait.APP_OF_APPS,
                status.path("summary").path("isAppOfApps").asBoolean());
        return Set.copyOf(traits);
    }

    private static void addIf(Set<Trait> traits, Trait trait, boolean holds) {
        if (holds) {
            traits.add(trait);
        }
    }

    private static List<Source> sources(JsonNode spec) {
        JsonNode dry = spec.path("sourceHydrator").path("drySource");
        if (dry.isObject()) {
            return List.of(source(dry));
        }
        List<Source> many = list(spec.path("sources"), ApplicationReader::source);
        return many.isEmpty() && spec.path("source").isObject() ? List.of(source(spec.path("source"))) : many;
    }

    private static Source source(JsonNode source) {
        return new Source(text(source, "repoURL"), text(source, "targetRevision"));
    }

    /** {@code revisions} for several sources, else {@code revision}. */
    private static List<String> revisions(JsonNode node) {
        List<String> many = list(node.path("revisions"), JsonNode::asText);
        String one = text(node, "revision");
        return many.isEmpty() && !one.isEmpty() ? List.of(one) : many;
    }

    private static Health health(JsonNode health) {
        return new Health(
                HealthState.of(text(health, "status")), message(health), instant(health, "lastTransitionTime"));
    }

    private static Optional<Operation> operation(JsonNode state) {
        if (!state.hasNonNull("phase")) {
            return Optional.empty();
        }
        JsonNode requested = state.path("operation").path("sync");
        List<String> synced = revisions(state.path("syncResult"));
        Map<String, String> marks = new TreeMap<>();
        for (JsonNode info : state.path("operation").path("info")) {
            marks.put(text(info, "name"), text(info, "value"));
        }
        return Optional.of(new Operation(
                Phase.of(text(state, "phase")),
                message(state),
                synced.isEmpty() ? revisions(requested) : synced,
                instant(state, "startedAt"),
                instant(state, "finishedAt"),
                state.path("retryCount").asLong(),
                marks,
                failedResources(state.path("syncResult").path("resources"))));
    }

    private static List<ResourceState> failedResources(JsonNode results) {
        return stream(results)
                .filter(result ->
                        "SyncFailed".equals(text(result, "status")) || FAILED_HOOK.contains(text(result, "hookPhase")))
                .limit(MAX_RESOURCES)
                .map(result -> resource(result, HealthState.DEGRADED, message(result)))
                .toList();
    }

    /** Those of a list or tree of resources that are not healthy, where it has their health. */
    static List<ResourceState> resources(JsonNode resources) {
        return stream(resources)
                .filter(resource -> resource.path("health").hasNonNull("status"))
                .map(resource -> resource(
                        resource,
                        HealthState.of(text(resource.path("health"), "status")),
                        message(resource.path("health"))))
                .filter(resource -> resource.health() != HealthState.HEALTHY)
                .limit(MAX_RESOURCES)
                .toList();
    }

    private static List<ApplicationName> children(JsonNode resources, String namespace) {
        return stream(resources)
                .filter(resource ->
                        "Application".equals(text(resource, "kind")) && "argoproj.io".equals(text(resource, "group")))
                .map(resource ->
                        new ApplicationName(resource.path("namespace").asText(namespace), text(resource, "name")))
                .toList();
    }

    static ResourceState resource(JsonNode node, HealthState health, String message) {
        return new ResourceState(text(node, "kind"), text(node, "namespace"), text(node, "name"), health, message);
    }

    private static Condition condition(JsonNode condition) {
        return new Condition(text(condition, "type"), message(condition), instant(condition, "lastTransitionTime"));
    }

    private static Optional<Hydration> hydration(JsonNode spec, JsonNode status) {
        if (!spec.path("sourceHydrator").isObject()) {
            return Optional.empty();
        }
        JsonNode current = status.path("currentOperation");
        JsonNode last = status.path("lastSuccessfulOperation");
        return Optional.of(new Hydration(
                text(current, "phase"),
                message(current),
                text(current, "drySHA"),
                text(last, "drySHA"),
                text(last, "hydratedSHA"),
                text(status, "lastComparedDryRevision")));
    }

    static String message(JsonNode node) {
        String message = text(node, "message").strip();
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    }

    /** Empty where there is none. */
    static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new TreeMap<>();
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(strings);
    }

    /** A time that cannot be read is no time: a verdict must not hang on one malformed field. */
    static Optional<Instant> instant(JsonNode node, String field) {
        String text = text(node, field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
        List<T> values = new ArrayList<>();
        array.elements().forEachRemaining(element -> values.add(read.apply(element)));
        return List.copyOf(values);
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
