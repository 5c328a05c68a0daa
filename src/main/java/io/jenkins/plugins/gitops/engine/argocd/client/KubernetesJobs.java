package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The Jobs of a cluster. Needs get, create and delete on {@code jobs.batch}, and, for what a failed one has said, list on
 * {@code pods} and get on {@code pods/log} in their namespaces. Every method blocks, and throws {@link ArgoCdException}.
 */
public final class KubernetesJobs implements AutoCloseable {

    /** Of a client for it. */
    public static final BodyLimits ANSWER = new BodyLimits(16 << 20, Duration.ofSeconds(10));

    private static final ResourceDefinitionContext JOBS = KubernetesApi.kind("batch", "v1", "Job", "jobs");
    private static final ResourceDefinitionContext PODS = KubernetesApi.kind("", "v1", "Pod", "pods");

    /** The Job controller labels its pods so, in every version. */
    private static final String JOB_NAME = "job-name";

    private static final long MOST_PODS = 20;
    private static final int MOST_LINES = 20;
    private static final int MOST_BYTES = 4 << 10;

    private final KubernetesApi api;

    /** @param client closed with this */
    public KubernetesJobs(KubernetesClient client) {
        this.api = new KubernetesApi(client);
    }

    public Optional<JsonNode> find(String namespace, String name) {
        return api.get(JOBS, namespace, name);
    }

    /** @return empty where there is one of this name in the namespace */
    public Optional<JsonNode> create(ObjectNode job) {
        JsonNode metadata = job.path("metadata");
        return api.create(
                JOBS,
                new ApplicationName(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                job);
    }

    /** With its pods; nothing where it is gone. */
    public void delete(String namespace, String name) {
        api.delete(JOBS, new ApplicationName(namespace, name));
    }

    /** The end of what the newest of its failed pods has said, without control characters, or why it cannot be read. */
    public List<String> lastLines(String namespace, String name) {
        ListOptions options = new ListOptionsBuilder()
                .withLabelSelector(JOB_NAME + "=" + name)
                .withLimit(MOST_PODS)
                .build();
        try {
            return ApplicationReader.stream(api.list(PODS, namespace, options).path("items"))
                    .max(Comparator.comparing((JsonNode pod) ->
                                    pod.path("status").path("phase").asText().equals("Failed"))
                            .thenComparing(pod -> pod.path("metadata")
                                    .path("creationTimestamp")
                                    .asText()))
                    .map(pod -> lastLines(namespace, pod))
                    .orElseGet(() -> List.of("No pod of the Job is left whose log could be read."));
        } catch (ArgoCdException unreadable) {
            return List.of(String.valueOf(unreadable.getMessage()));
        }
    }

    private List<String> lastLines(String namespace, JsonNode pod) {
        ApplicationName name =
                new ApplicationName(namespace, pod.path("metadata").path("name").asText());
        String log = api.log(name, container(pod), MOST_LINES, MOST_BYTES);
        return log.lines()
                .map(line -> line.replaceAll("\\p{Cntrl}+", " ").stripTrailing())
                .skip(Math.max(0, log.lines().count() - MOST_LINES))
                .toList();
    }

    /** The one that failed, or the first. */
    private static String container(JsonNode pod) {
        return ApplicationReader.stream(pod.path("status").path("containerStatuses"))
                .filter(status ->
                        status.path("state").path("terminated").path("exitCode").asInt() != 0)
                .map(status -> status.path("name").asText())
                .findFirst()
                .orElseGet(() ->
                        pod.path("spec").path("containers").path(0).path("name").asText());
    }

    @Override
    public void close() {
        api.close();
    }
}
