package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Argo CD through the Kubernetes API of the cluster it runs in. Needs get, list, watch and patch on
 * {@code applications.argoproj.io} in the namespaces it is used for. With get on {@code appprojects.argoproj.io} in Argo
 * CD's own namespace it can name a sync window that is closed, and with what {@link Workloads} reads the resource and the
 * pod that are not healthy; what is missing for that is said where it would help.
 */
public final class KubernetesArgoCd implements ArgoCd {

    private static final ResourceDefinitionContext APPLICATION =
            KubernetesApi.kind("argoproj.io", "v1alpha1", "Application", "applications");
    private static final ResourceDefinitionContext PROJECT =
            KubernetesApi.kind("argoproj.io", "v1alpha1", "AppProject", "appprojects");

    /** The server ends a watch after this. */
    private static final Duration WATCH = Duration.ofSeconds(290);

    /** Pings find a dead socket sooner; this is for what answers pings and says nothing else. */
    static final Duration LONGEST_SILENCE = WATCH.plusSeconds(30);

    /** What the refresh annotation is for the source hydrator. */
    private static final String HYDRATE_ANNOTATION = "argocd.argoproj.io/hydrate";

    private static final int MOST_CONFLICTS = 5;

    /** Of a requested sync. */
    private static final int RETRIES = 2;

    private final KubernetesApi api;
    private final String namespace;
    private final Optional<URI> ui;
    private final Duration longestSilence;
    private final InstantSource clock;

    /**
     * @param client closed with this
     * @param namespace where Argo CD itself runs
     * @param ui address of Argo CD's UI, for links
     */
    public KubernetesArgoCd(KubernetesClient client, String namespace, Optional<URI> ui) {
        this(client, namespace, ui, LONGEST_SILENCE, InstantSource.system());
    }

    public KubernetesArgoCd(
            KubernetesClient client, String namespace, Optional<URI> ui, Duration longestSilence, InstantSource clock) {
        this.api = new KubernetesApi(client);
        this.namespace = namespace;
        this.ui = ui;
        this.longestSilence = longestSilence;
        this.clock = clock;
    }

    @Override
    public String description() {
        return api.description();
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public Duration longestSilence() {
        return longestSilence;
    }

    @Override
    public Listing list(String wanted) {
        JsonNode list = api.list(APPLICATION, wanted, new ListOptions());
        return new Listing(
                ApplicationReader.stream(list.path("items"))
                        .map(ApplicationReader::read)
                        .toList(),
                Optional.of(list.path("metadata").path("resourceVersion").asText()));
    }

    @Override
    public Stream watch(String wanted, String resourceVersion, StreamListener listener) {
        ListOptions options = new ListOptionsBuilder()
                .withResourceVersion(resourceVersion)
                .withAllowWatchBookmarks(true)
                .withTimeoutSeconds(WATCH.toSeconds())
                .build();
        return api.watch(APPLICATION, wanted, options, listener);
    }

    @Override
    public Optional<Observation> observe(ApplicationName application) {
        return resource(application).map(ApplicationReader::read);
    }

    private Optional<JsonNode> resource(ApplicationName application) {
        return api.get(APPLICATION, application.namespace(), application.name());
    }

    /**
     * Written only to a version of the Application in which no refresh is requested, which the API server checks: the
     * comparison that removes the annotation then began after it was written.
     */
    @Override
    public Optional<Accepted> refresh(Observation application, Refresh refresh) {
        return write(
                        "request a refresh of",
                        application.name(),
                        Optional.of(application),
                        this::observe,
                        current -> current.refresh().isPresent()
                                ? Optional.empty()
                                : Optional.of(refreshPatch(current, refresh)))
                .map(written -> new Accepted(ApplicationReader.read(written).resourceVersion(), refresh));
    }

    /**
     * Writes what is made of an Application, and again where somebody else has written in between.
     *
     * @param seen the Application, if it is there
     * @param again reads it
     * @param patch empty to leave it as it is
     * @return the Application as it was written; empty where it was not
     */
    private <T> Optional<JsonNode> write(
            String deed,
            ApplicationName name,
            Optional<T> seen,
            Function<ApplicationName, Optional<T>> again,
            Function<T, Optional<ObjectNode>> patch) {
        Optional<T> current = seen;
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectNode> change = current.flatMap(patch);
            if (change.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(api.patch(deed, APPLICATION, name, change.get()));
            } catch (ArgoCdException refused) {
                if (refused.reason() != Reason.REJECTED || attempt == MOST_CONFLICTS) {
                    throw refused;
                }
                current = again.apply(name);
            }
        }
    }

    @Override
    public void renewRefresh(ApplicationName application) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .putObject("annotations")
                .put(
                        ApplicationReader.REFRESH_TIMESTAMP_ANNOTATION,
                        clock.instant().toString());
        api.patch("request a refresh again of", APPLICATION, application, patch);
    }

    private ObjectNode refreshPatch(Observation current, Refresh refresh) {
        String how = refresh.name().toLowerCase(Locale.ROOT);
        ObjectNode patch = atVersion(current.resourceVersion());
        ObjectNode annotations = ((ObjectNode) patch.path("metadata")).putObject("annotations");
        annotations.put(ApplicationReader.REFRESH_ANNOTATION, how);
        annotations.put(
                ApplicationReader.REFRESH_TIMESTAMP_ANNOTATION, clock.instant().toString());
        if (current.hydration().isPresent()) {
            annotations.put(HYDRATE_ANNOTATION, how);
        }
        return patch;
    }

    /** As Argo CD's own controller starts an automatic sync: only where none is asked for, and with its options. */
    @Override
    public void sync(ApplicationName application, String mark) {
        JsonNode found = resource(application)
                .orElseThrow(() -> new ArgoCdException(
                        Reason.MISSING, "There is no Application " + application + " to sync.", null));
        closedWindow(found, SyncWindows.Start.REQUESTED).ifPresent(closed -> {
            throw new ArgoCdException(
                    Reason.REJECTED,
                    "A sync of " + application + " is requested when its sync window is open; now " + closed + ".",
                    null);
        });
        write("request a sync of", application, Optional.of(found), this::resource, current -> {
            if (current.hasNonNull("operation")) {
                throw new ArgoCdException(
                        Reason.REJECTED,
                        "Cannot request a sync of " + application + " while another operation is under way.",
                        null);
            }
            return Optional.of(
                    operationPatch(current, operation(mark, current.path("spec").path("syncPolicy"))));
        });
    }

    /** Sets the operation, and forgets the state of the last one. */
    private static ObjectNode operationPatch(JsonNode application, JsonNode operation) {
        ObjectNode patch = atVersion(ApplicationReader.read(application).resourceVersion());
        patch.set("operation", operation);
        patch.putObject("status").putNull("operationState");
        return patch;
    }

    /** @param policy {@code spec.syncPolicy}, whose sync options and retries apply to a requested sync as well */
    private static ObjectNode operation(String mark, JsonNode policy) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        ObjectNode sync = operation.putObject("sync").put("prune", false);
        if (policy.path("syncOptions").isArray()) {
            sync.set("syncOptions", policy.path("syncOptions"));
        }
        operation.putObject("initiatedBy").put("username", MARK);
        operation.putArray("info").addObject().put("name", MARK).put("value", mark);
        operation.set("retry", retry(policy));
        return operation;
    }

    /** The policy's own, else few: what fails because the cluster is busy succeeds soon. */
    static JsonNode retry(JsonNode policy) {
        return policy.path("retry").isObject()
                ? policy.path("retry")
                : JsonNodeFactory.instance.objectNode().put("limit", RETRIES);
    }

    @Override
    public void withdraw(ApplicationName application, String mark) {
        write(
                "withdraw the sync of",
                application,
                resource(application),
                this::resource,
                found -> SyncWindows.isBlocked(found, mark)
                        ? Optional.of(operationPatch(found, NullNode.getInstance()))
                        : Optional.empty());
    }

    /** The version makes the patch fail with 409 rather than replace what was written in between. */
    private static ObjectNode atVersion(String version) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", version);
        return patch;
    }

    @Override
    public Optional<String> heldBack(ApplicationName application) {
        try {
            return resource(application).flatMap(found -> closedWindow(found, SyncWindows.Start.AUTOMATIC));
        } catch (ArgoCdException cause) {
            return switch (cause.reason()) {
                case REFUSED ->
                    Optional.of("to see whether one is, " + KubernetesApi.permission("get", PROJECT, namespace));
                case REJECTED -> Optional.of(cause.getMessage());
                case MISSING, GONE, UNAVAILABLE -> Optional.empty();
            };
        }
    }

    private Optional<String> closedWindow(JsonNode application, SyncWindows.Start start) {
        String project = application.path("spec").path("project").asText("default");
        return api.get(PROJECT, namespace, project)
                .flatMap(windows -> SyncWindows.closed(windows, application, start, clock.instant()));
    }

    @Override
    public List<ResourceState> unhealthyResources(ApplicationName application) {
        return resource(application)
                .map(found -> new Workloads(api, found).unhealthy())
                .orElse(List.of());
    }

    @Override
    public List<ResourceState> rollouts(ApplicationName application) {
        return resource(application)
                .map(found -> new Workloads(api, found).rollouts())
                .orElse(List.of());
    }

    /** As {@code kubectl argo rollouts} does it: spec and status are patched apart. */
    @Override
    public void act(ApplicationName application, ResourceState rollout, RolloutAction action) {
        ApplicationName name = new ApplicationName(rollout.namespace(), rollout.name());
        String deed = action.key() + " the Rollout";
        JsonNode live = api.get(Workloads.ROLLOUTS, rollout.namespace(), rollout.name())
                .orElseThrow(() -> new ArgoCdException(
                        Reason.MISSING, "There is no Rollout " + name + " to " + action.key() + ".", null));
        boolean isPaused = live.path("spec").path("paused").asBoolean();
        if (isPaused && (action == RolloutAction.RESUME || action == RolloutAction.PROMOTE_FULL)) {
            api.patch(deed, Workloads.ROLLOUTS, name, Rollouts.unpausePatch());
        }
        api.patchStatus(deed, Workloads.ROLLOUTS, name, Rollouts.statusPatch(action));
    }

    @Override
    public Optional<URI> page(ApplicationName application) {
        return ui.map(application::page);
    }

    @Override
    public void close() {
        api.close();
    }
}
