package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Replaceable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.mockwebserver.MockWebServer;
import io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The Applications as the API server of the simulated Argo CD holds them. */
final class SimulatedCluster implements ArgoCdApi.Backing {

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

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Logger LOGGER = Logger.getLogger(SimulatedCluster.class.getName());

    private final KubernetesClient client;
    private final Predicate<ApplicationName> managed;

    /** @param managed whether an Application is still there: what was removed is not written again */
    SimulatedCluster(KubernetesClient client, Predicate<ApplicationName> managed) {
        this.client = client;
        this.managed = managed;
    }

    void create(ObjectNode application) {
        GenericKubernetesResource resource = JSON.convertValue(application, GenericKubernetesResource.class);
        client.genericKubernetesResources(APPLICATIONS)
                .inNamespace(resource.getMetadata().getNamespace())
                .resource(resource)
                // The client sends again what was not answered in time, and it may be there by then.
                .createOr(there -> resource);
    }

    @Override
    public List<ObjectNode> applications() {
        return client.genericKubernetesResources(APPLICATIONS).inAnyNamespace().list().getItems().stream()
                .map(item -> (ObjectNode) JSON.valueToTree(item))
                .toList();
    }

    @Override
    public void refresh(ApplicationName name, String how) {
        write(name, found -> {
            found.getMetadata().getAnnotations().put(ApplicationReader.REFRESH_ANNOTATION, how);
            return found;
        });
    }

    @Override
    public void sync(ApplicationName name, ObjectNode operation) {
        write(name, found -> {
            found.setAdditionalProperty("operation", operation);
            return found;
        });
    }

    @Override
    public Runnable watch(ArgoCdApi.Watcher watcher) {
        return client.genericKubernetesResources(APPLICATIONS).inAnyNamespace().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource changed) {
                watcher.event(action.name(), JSON.valueToTree(changed));
            }

            @Override
            public void onClose(WatcherException cause) {}
        })::close;
    }

    void label(ApplicationName name, String key, String value) {
        write(
                name,
                found -> new GenericKubernetesResourceBuilder(found)
                        .editMetadata()
                        .addToLabels(key, value)
                        .endMetadata()
                        .build());
    }

    /** Who was overtaken between reading and writing reads again. */
    void write(ApplicationName name, UnaryOperator<GenericKubernetesResource> change) {
        while (managed.test(name)) {
            try {
                resource(name).edit(change);
                return;
            } catch (KubernetesClientException refused) {
                if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT && managed.test(name)) {
                    throw refused;
                }
                LOGGER.log(Level.FINE, refused, () -> "Writing " + name + " again, if it is still there");
            }
        }
    }

    /** @param refreshed whether it is the result of a refresh that was requested, whose annotation then goes */
    static GenericKubernetesResource published(
            GenericKubernetesResource found, SimulatedApplication state, ObjectNode operation, boolean refreshed) {
        ObjectNode resource = JSON.valueToTree(found);
        if (refreshed && resource.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ApplicationReader.REFRESH_ANNOTATION);
        }
        resource.remove("operation");
        if (operation != null) {
            resource.set("operation", operation);
        }
        resource.set("status", state.status());
        return JSON.convertValue(resource, GenericKubernetesResource.class);
    }

    /** The mock server keeps every request for whoever asks for it, which is nobody: a long soak would count them as growth. */
    static void forgetRequests(MockWebServer web) {
        try {
            while (web.takeRequest(0, TimeUnit.MILLISECONDS) != null) {
                continue;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** A window that denies every sync of every Application, in the project that they are in; or none. */
    void closeSyncWindow(boolean closed) {
        GenericKubernetesResource project = new GenericKubernetesResource();
        project.setApiVersion("argoproj.io/v1alpha1");
        project.setKind("AppProject");
        project.setMetadata(new ObjectMetaBuilder()
                .withNamespace("argocd")
                .withName("default")
                .build());
        Map<String, Object> window =
                Map.of("kind", "deny", "schedule", "* * * * *", "duration", "1h", "applications", List.of("*"));
        project.setAdditionalProperty("spec", Map.of("syncWindows", closed ? List.of(window) : List.of()));
        client.genericKubernetesResources(PROJECTS)
                .inNamespace("argocd")
                .resource(project)
                .createOr(Replaceable::update);
    }

    Resource<GenericKubernetesResource> resource(ApplicationName name) {
        return client.genericKubernetesResources(APPLICATIONS)
                .inNamespace(name.namespace())
                .withName(name.name());
    }
}
