package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.CertificateTrouble;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Argo CD through the Kubernetes API of the cluster it runs in. Needs get, list, watch and patch on
 * {@code applications.argoproj.io} in the namespaces it is used for, and nothing else. With get on
 * {@code appprojects.argoproj.io} in Argo CD's own namespace it can name a sync window that is closed.
 */
public final class KubernetesArgoCd implements ArgoCd {

    private static final ResourceDefinitionContext APPLICATIONS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Application")
            .withPlural("applications")
            .withNamespaced(true)
            .build();

    private static final ResourceDefinitionContext PROJECTS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("AppProject")
            .withPlural("appprojects")
            .withNamespaced(true)
            .build();

    /** The server ends a watch after this. */
    private static final Duration WATCH = Duration.ofSeconds(290);

    /** Pings find a dead socket sooner; this is for what answers pings and says nothing else. */
    private static final Duration LONGEST_SILENCE = WATCH.plusSeconds(30);

    /** What the refresh annotation is for the source hydrator. */
    private static final String HYDRATE_ANNOTATION = "argocd.argoproj.io/hydrate";

    private static final int MOST_CONFLICTS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String namespace;
    private final Optional<URI> ui;
    private final Duration longestSilence;
    private final InstantSource clock;

    /**
     * @param client closed with this
     * @param namespace where Argo CD itself runs
     * @param ui address of Argo CD's UI, for links
     */
    public KubernetesArgoCd(@NonNull KubernetesClient client, @NonNull String namespace, @NonNull Optional<URI> ui) {
        this(client, namespace, ui, LONGEST_SILENCE, InstantSource.system());
    }

    public KubernetesArgoCd(
            @NonNull KubernetesClient client,
            @NonNull String namespace,
            @NonNull Optional<URI> ui,
            @NonNull Duration longestSilence,
            @NonNull InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.ui = ui;
        this.longestSilence = longestSilence;
        this.clock = clock;
    }

    @Override
    public String description() {
        return "the Kubernetes API at " + client.getMasterUrl();
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
        return ask("list Applications in namespace " + wanted, () -> {
            GenericKubernetesResourceList list = client.genericKubernetesResources(APPLICATIONS)
                    .inNamespace(wanted)
                    .list();
            return new Listing(
                    list.getItems().stream().map(KubernetesArgoCd::read).toList(),
                    Optional.of(list.getMetadata().getResourceVersion()));
        });
    }

    @Override
    public Stream watch(String wanted, String resourceVersion, StreamListener listener) {
        return ask("watch Applications in namespace " + wanted, () -> {
            Watch watch = client.genericKubernetesResources(APPLICATIONS)
                    .inNamespace(wanted)
                    .watch(
                            new ListOptionsBuilder()
                                    .withResourceVersion(resourceVersion)
                                    .withAllowWatchBookmarks(true)
                                    .withTimeoutSeconds(WATCH.toSeconds())
                                    .build(),
                            new KubernetesWatcher(listener, this::explain));
            return watch::close;
        });
    }

    @Override
    public Optional<Observation> observe(ApplicationName application) {
        return ask(
                "read " + application,
                () -> Optional.ofNullable(resource(application).get()).map(KubernetesArgoCd::read));
    }

    /**
     * Written only to a version of the Application in which no refresh is requested, which the API server checks: the
     * comparison that removes the annotation then began after it was written.
     */
    @Override
    public Optional<Accepted> refresh(Observation application, Refresh refresh) {
        Optional<Observation> current = Optional.of(application);
        for (int attempt = 1; ; attempt++) {
            if (current.isEmpty() || current.get().refresh().isPresent()) {
                return Optional.empty();
            }
            try {
                GenericKubernetesResource written = patch(
                        application.name(),
                        refreshPatch(current.get(), refresh),
                        "request a refresh of " + application.name());
                return Optional.of(new Accepted(written.getMetadata().getResourceVersion(), refresh));
            } catch (ArgoCdException refused) {
                if (refused.reason() != Reason.REJECTED || attempt == MOST_CONFLICTS) {
                    throw refused;
                }
                current = observe(application.name());
            }
        }
    }

    private ObjectNode refreshPatch(Observation current, Refresh refresh) {
        String how = refresh.name().toLowerCase(Locale.ROOT);
        ObjectNode patch = JSON.createObjectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("resourceVersion", current.resourceVersion());
        ObjectNode annotations = metadata.putObject("annotations")
                .put(ApplicationReader.REFRESH_ANNOTATION, how)
                .put(
                        ApplicationReader.REFRESH_TIMESTAMP_ANNOTATION,
                        clock.instant().toString());
        if (current.hydration().isPresent()) {
            annotations.put(HYDRATE_ANNOTATION, how);
        }
        return patch;
    }

    /** As Argo CD's own controller starts an automatic sync: only where none is asked for, and with its options. */
    @Override
    public void sync(ApplicationName application, SyncOrder order) {
        GenericKubernetesResource found = ask("read " + application, resource(application)::get);
        if (found == null) {
            throw new ArgoCdException(Reason.MISSING, "There is no Application " + application + " to sync.", null);
        }
        JsonNode current = JSON.valueToTree(found);
        if (current.hasNonNull("operation")) {
            throw new ArgoCdException(
                    Reason.REJECTED,
                    "Cannot request a sync of " + application + " while another operation is under way.",
                    null);
        }
        closedWindow(current, SyncWindows.Start.REQUESTED).ifPresent(closed -> {
            throw new ArgoCdException(
                    Reason.REJECTED,
                    "A sync of " + application + " is requested when its sync window is open; now " + closed + ".",
                    null);
        });
        ObjectNode patch = JSON.createObjectNode();
        // The version makes the patch fail with 409 rather than replace an operation that was set in between.
        patch.putObject("metadata").put("resourceVersion", found.getMetadata().getResourceVersion());
        patch.set("operation", SyncOperation.of(order, current.path("spec").path("syncPolicy")));
        patch.putObject("status").putNull("operationState");
        patch(application, patch, "request a sync of " + application);
    }

    @Override
    public void withdraw(ApplicationName application, SyncOrder order) {
        GenericKubernetesResource found = ask("read " + application, resource(application)::get);
        if (found == null || !SyncOperation.isBlocked(JSON.valueToTree(found), order)) {
            return;
        }
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", found.getMetadata().getResourceVersion());
        patch.putNull("operation");
        patch.putObject("status").putNull("operationState");
        patch(application, patch, "withdraw the sync of " + application);
    }

    @Override
    public Optional<String> heldBack(ApplicationName application) {
        GenericKubernetesResource found = ask("read " + application, resource(application)::get);
        if (found == null) {
            return Optional.empty();
        }
        try {
            return closedWindow(JSON.valueToTree(found), SyncWindows.Start.AUTOMATIC);
        } catch (ArgoCdException cause) {
            return switch (cause.reason()) {
                case REFUSED ->
                    Optional.of("to see whether one is, allow the connection's account to get appprojects.argoproj.io"
                            + " in namespace " + namespace);
                case REJECTED -> Optional.of(cause.getMessage());
                case MISSING, GONE, UNAVAILABLE -> Optional.empty();
            };
        }
    }

    private Optional<String> closedWindow(JsonNode application, SyncWindows.Start start) {
        String project = application.path("spec").path("project").asText("default");
        GenericKubernetesResource windows = ask(
                "read AppProject " + project,
                () -> client.genericKubernetesResources(PROJECTS)
                        .inNamespace(namespace)
                        .withName(project)
                        .get());
        return windows == null
                ? Optional.empty()
                : SyncWindows.closed(JSON.valueToTree(windows), application, start, clock.instant());
    }

    /** The API server knows the resource tree no more than we do; the Application itself may name some. */
    @Override
    public List<ResourceState> unhealthyResources(ApplicationName application) {
        return observe(application).map(Observation::resources).orElse(List.of());
    }

    @Override
    public Optional<URI> page(ApplicationName application) {
        return ui.map(application::page);
    }

    @Override
    public void close() {
        client.close();
    }

    private GenericKubernetesResource patch(ApplicationName application, ObjectNode patch, String deed) {
        return ask(deed, () -> resource(application).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString()));
    }

    private Resource<GenericKubernetesResource> resource(ApplicationName application) {
        return client.genericKubernetesResources(APPLICATIONS)
                .inNamespace(application.namespace())
                .withName(application.name());
    }

    private <T> T ask(String deed, Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException cause) {
            throw explain(deed, cause);
        }
    }

    private ArgoCdException explain(String deed, KubernetesClientException cause) {
        Optional<CertificateTrouble> certificate = CertificateTrouble.of(cause);
        if (certificate.isPresent()) {
            return new ArgoCdException(
                    Reason.REFUSED,
                    "Cannot " + deed + " at " + description() + " (" + ConnectionFailure.rootMessage(cause) + "): "
                            + certificate.get().remedy(),
                    cause);
        }
        Reason reason = cause.getCode() <= 0 ? Reason.UNAVAILABLE : ArgoCdException.reasonOf(cause.getCode());
        String said = cause.getStatus() == null || cause.getStatus().getMessage() == null
                ? ConnectionFailure.rootMessage(cause)
                : cause.getStatus().getMessage();
        String remedy =
                switch (reason) {
                    case REFUSED ->
                        ": check the connection's credentials and their permissions on" + " applications.argoproj.io";
                    case MISSING -> ": check the address, and that Argo CD is installed there";
                    case UNAVAILABLE -> cause.getCode() <= 0 ? ConnectionFailure.UNREACHABLE : "";
                    case REJECTED, GONE -> "";
                };
        return new ArgoCdException(
                reason, "Cannot " + deed + " at " + description() + " (" + said + ")" + remedy, cause);
    }

    static Observation read(GenericKubernetesResource resource) {
        return ApplicationReader.read(JSON.valueToTree(resource));
    }
}
