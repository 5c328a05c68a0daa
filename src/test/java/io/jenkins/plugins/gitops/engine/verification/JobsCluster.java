package io.jenkins.plugins.gitops.engine.verification;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** fabric8's mock API server with the Jobs of a test, which also has logs, and refuses what a test says. */
final class JobsCluster extends KubernetesCrudDispatcher implements AutoCloseable {

    private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

    static {
        CHATTER.setLevel(Level.WARNING);
    }

    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final KubernetesMockServer server;
    private final AtomicInteger creations = new AtomicInteger();
    private volatile String log = "";

    JobsCluster() {
        server = new KubernetesMockServer(
                new Context(new ObjectMapper()), new MockWebServer(), new HashMap<>(), this, false);
        server.init();
    }

    /** As the plugin opens it. */
    KubernetesJobs open() {
        return new KubernetesJobs(
                new KubernetesAccess.Token(server.url("/").replaceFirst("/$", ""), Optional.empty(), () -> "token")
                        .client(HttpClients.DEFAULT, KubernetesJobs.ANSWER));
    }

    KubernetesClient client() {
        return server.createClient();
    }

    /** @param verb of RBAC, and the resource: {@code create jobs} */
    void forbid(String verb) {
        refused.add(verb);
    }

    void logs(String text) {
        log = text;
    }

    /** How many requests wanted to create a Job. */
    int creations() {
        return creations.get();
    }

    List<Job> jobs() {
        return client().batch().v1().jobs().inAnyNamespace().list().getItems();
    }

    /** Has the Job have a condition that is true. */
    void become(Job job, String type, String reason, String message) {
        update(new JobBuilder(job)
                .editOrNewStatus()
                .addNewCondition()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build());
    }

    void update(Job job) {
        try (KubernetesClient client = client()) {
            client.resource(job).update();
        }
    }

    void delete(Job job) {
        try (KubernetesClient client = client()) {
            client.resource(job).delete();
        }
    }

    void failedPod(Job job, String name, String created) {
        try (KubernetesClient client = client()) {
            client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withNamespace(job.getMetadata().getNamespace())
                            .withCreationTimestamp(created)
                            .addToLabels("job-name", job.getMetadata().getName())
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("migrate")
                            .endContainer()
                            .endSpec()
                            .withNewStatus()
                            .withPhase("Failed")
                            .endStatus()
                            .build())
                    .create();
        }
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
        if (request.getPath().contains("/jobs")) {
            creations.incrementAndGet();
        }
        return refused.contains("create jobs") ? forbidden("jobs", "create") : super.handleCreate(request);
    }

    @Override
    public MockResponse handleGet(String path) {
        if (path.contains("/log?")) {
            return refused.contains("get pods/log")
                    ? forbidden("pods/log", "get")
                    : new MockResponse().setResponseCode(200).setBody(log);
        }
        return refused.contains("get jobs") && path.contains("/jobs/")
                ? forbidden("jobs", "get")
                : super.handleGet(path);
    }

    private static MockResponse forbidden(String resource, String verb) {
        return new MockResponse()
                .setResponseCode(403)
                .setBody(Serialization.asJson(new StatusBuilder()
                        .withCode(403)
                        .withMessage(resource + " is forbidden: User \"jenkins\" cannot " + verb)
                        .build()));
    }

    @Override
    public void close() {
        server.destroy();
    }
}
