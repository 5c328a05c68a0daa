package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Stream;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A Kubernetes API whose resources are JSON, and whose refusals are sentences that name the missing permission. */
final class KubernetesApi {

    private static final int ALREADY_EXISTS = 409;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;

    KubernetesApi(KubernetesClient client) {
        this.client = client;
    }

    /** A kind of resource that lives in namespaces. */
    static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    String description() {
        return "the Kubernetes API at " + client.getMasterUrl();
    }

    void close() {
        client.close();
    }

    Optional<JsonNode> get(ResourceDefinitionContext kind, String namespace, String name) {
        return Optional.ofNullable(ask(
                        "read " + kind.getKind() + " " + namespace + "/" + name,
                        "get",
                        kind,
                        namespace,
                        () -> resource(kind, new ApplicationName(namespace, name))
                                .get()))
                .map(JSON::valueToTree);
    }

    /** A list: {@code metadata} and {@code items}. */
    JsonNode list(ResourceDefinitionContext kind, String namespace, ListOptions options) {
        return JSON.valueToTree(ask(
                "list " + kind.getKind() + "s in namespace " + namespace,
                "list",
                kind,
                namespace,
                () -> client.genericKubernetesResources(kind)
                        .inNamespace(namespace)
                        .list(options)));
    }

    /** Creates it; empty where there is one of this name. */
    Optional<JsonNode> create(ResourceDefinitionContext kind, ApplicationName name, ObjectNode resource) {
        return Optional.ofNullable(ask(
                        "create " + kind.getKind() + " " + name, "create", kind, name.namespace(), () -> {
                            try {
                                return client.genericKubernetesResources(kind)
                                        .inNamespace(name.namespace())
                                        .resource(JSON.convertValue(resource, GenericKubernetesResource.class))
                                        .create();
                            } catch (KubernetesClientException refused) {
                                if (refused.getCode() == ALREADY_EXISTS) {
                                    return null;
                                }
                                throw refused;
                            }
                        }))
                .map(JSON::valueToTree);
    }

    /** Deletes it, if it is there; what it owns follows. */
    void delete(ResourceDefinitionContext kind, ApplicationName name) {
        ask(
                "delete " + kind.getKind() + " " + name,
                "delete",
                kind,
                name.namespace(),
                () -> resource(kind, name)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }

    /**
     * The last lines of a container's log.
     *
     * @param bytes from the first of these lines on, at most
     */
    String log(ApplicationName pod, String container, int lines, int bytes) {
        return String.valueOf(ask(
                "read the log of Pod " + pod,
                "get",
                kind("", "v1", "Pod", "pods/log"),
                pod.namespace(),
                () -> client.pods()
                        .inNamespace(pod.namespace())
                        .withName(pod.name())
                        .inContainer(container)
                        .limitBytes(bytes)
                        .tailingLines(lines)
                        .getLog()));
    }

    /** Merges the patch into the resource; fails (rejected) where the patch has a version that is not the current one. */
    JsonNode patch(String deed, ResourceDefinitionContext kind, ApplicationName name, ObjectNode patch) {
        return JSON.valueToTree(ask(
                deed + " " + name,
                "patch",
                kind,
                name.namespace(),
                () -> resource(kind, name).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString())));
    }

    /** Merges the patch into the status, where that is a resource of its own. */
    void patchStatus(String deed, ResourceDefinitionContext kind, ApplicationName name, ObjectNode patch) {
        ask(
                deed + " " + name,
                "patch",
                kind,
                name.namespace(),
                () -> resource(kind, name)
                        .subresource("status")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString()));
    }

    /** Returns when the API has agreed to it. */
    Stream watch(ResourceDefinitionContext kind, String namespace, ListOptions options, StreamListener listener) {
        String deed = "watch " + kind.getKind() + "s in namespace " + namespace;
        Events events = new Events(listener, cause -> explain(deed, "watch", kind, namespace, cause));
        Watch watch = ask(
                deed,
                "watch",
                kind,
                namespace,
                () -> client.genericKubernetesResources(kind)
                        .inNamespace(namespace)
                        .watch(options, events));
        events.opened();
        return () -> {
            events.mute();
            watch.close();
        };
    }

    private Resource<GenericKubernetesResource> resource(ResourceDefinitionContext kind, ApplicationName name) {
        return client.genericKubernetesResources(kind)
                .inNamespace(name.namespace())
                .withName(name.name());
    }

    private <T> T ask(String deed, String verb, ResourceDefinitionContext kind, String namespace, Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException cause) {
            throw explain(deed, verb, kind, namespace, cause);
        }
    }

    private ArgoCdException explain(
            String deed,
            String verb,
            ResourceDefinitionContext kind,
            String namespace,
            KubernetesClientException cause) {
        String where = deed + " at " + description();
        if (cause.getCode() <= 0) {
            return Faults.connection(where, cause);
        }
        Reason reason = ArgoCdException.reasonOf(cause.getCode());
        String message = cause.getStatus() == null || cause.getStatus().getMessage() == null
                ? "HTTP " + cause.getCode()
                : cause.getStatus().getMessage();
        String remedy =
                switch (reason) {
                    case REFUSED ->
                        cause.getCode() == 401
                                ? ": the token or certificate of the connection's credentials is unknown or has"
                                        + " expired; renew it"
                                : ": " + permission(verb, kind, namespace);
                    case MISSING ->
                        "argoproj.io".equals(kind.getGroup())
                                ? ": check the address, and that Argo CD is installed there"
                                : "";
                    case REJECTED, GONE, UNAVAILABLE -> "";
                };
        return new ArgoCdException(reason, "Cannot " + where + " (" + message + ")" + remedy, cause);
    }

    /** What to grant, to whom and where. */
    static String permission(String verb, ResourceDefinitionContext kind, String namespace) {
        return "allow the account of the connection's credentials to " + verb + " " + kind.getPlural()
                + (kind.getGroup() == null || kind.getGroup().isEmpty() ? "" : "." + kind.getGroup()) + " in namespace "
                + namespace + ", with a Role and a RoleBinding there";
    }

    /**
     * Passes a watch's events on. The client is told not to reconnect by itself (reconnect limit 0), so that one place, the
     * informer, decides how to go on. A watch whose handshake is refused ends before it is opened, without a cause, which
     * is then thrown: only the latter is passed on.
     */
    private static final class Events implements Watcher<GenericKubernetesResource> {

        private final StreamListener listener;
        private final Function<KubernetesClientException, ArgoCdException> explain;
        private boolean open;
        private boolean over;
        private Optional<Optional<ArgoCdException>> endedEarly = Optional.empty();

        Events(StreamListener listener, Function<KubernetesClientException, ArgoCdException> explain) {
            this.listener = listener;
            this.explain = explain;
        }

        synchronized void opened() {
            open = true;
            endedEarly.ifPresent(this::end);
        }

        /** Closed by us: nothing more is to be heard. */
        synchronized void mute() {
            over = true;
        }

        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            String version = resource.getMetadata().getResourceVersion();
            switch (action) {
                case ADDED, MODIFIED -> listener.changed(ApplicationReader.read(JSON.valueToTree(resource)));
                case DELETED ->
                    listener.deleted(
                            new ApplicationName(
                                    resource.getMetadata().getNamespace(),
                                    resource.getMetadata().getName()),
                            version);
                case BOOKMARK -> listener.bookmark(version);
                case ERROR -> end(Optional.empty());
            }
        }

        @Override
        public void onClose() {
            end(Optional.empty());
        }

        /** The server or the network ended it, as every watch ends. Only an answer with a status tells why. */
        @Override
        public void onClose(WatcherException cause) {
            KubernetesClientException told = cause.asClientException();
            end(told != null && told.getCode() != 0 ? Optional.of(explain.apply(told)) : Optional.empty());
        }

        private synchronized void end(Optional<ArgoCdException> cause) {
            if (!open) {
                endedEarly = Optional.of(cause);
            } else if (!over) {
                over = true;
                listener.ended(cause);
            }
        }
    }
}
