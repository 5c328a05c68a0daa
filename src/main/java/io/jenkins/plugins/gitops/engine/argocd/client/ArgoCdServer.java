package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Argo CD through its own API server: REST, and the stream of application events that its UI uses. Needs an account or
 * project token that may get the Applications, and sync them where a wait asks for it.
 *
 * <p>The stream cannot go on from a resource version without missing what happened in between, so it is opened without
 * one: it then begins with every Application as it is, and after a break everything is listed again.
 *
 * @see <a href="https://github.com/argoproj/argo-cd/blob/master/server/application/application.proto">the API</a>
 */
public final class ArgoCdServer implements ArgoCd {

    /**
     * Argo CD lists first and listens to changes afterwards, and drops changes for a listener that is slow to read: both
     * leave something out of a stream.
     */
    private static final Duration UNCHECKED = Duration.ofSeconds(2);

    /** The server sends a comment every 15 s. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(50);

    /** The server answers a refresh when it is done; what is wrong with the request it says sooner. */
    private static final Duration REFUSAL = Duration.ofSeconds(1);

    private final ArgoCdHttp http;
    private final String namespace;
    private final Duration longestSilence;

    /** @param namespace where Argo CD itself runs */
    public ArgoCdServer(ArgoCdHttp http, String namespace) {
        this(http, namespace, LONGEST_SILENCE);
    }

    public ArgoCdServer(ArgoCdHttp http, String namespace, Duration longestSilence) {
        this.http = http;
        this.namespace = namespace;
        this.longestSilence = longestSilence;
    }

    @Override
    public String description() {
        return "Argo CD at " + http.base();
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
    public Optional<Duration> uncheckedFor() {
        return Optional.of(UNCHECKED);
    }

    @Override
    public Listing list(String wanted) {
        return new Listing(items("list Applications", wanted, Map.of("appNamespace", wanted)), Optional.empty());
    }

    private List<Observation> items(String deed, String wanted, Map<String, String> query) {
        return ApplicationReader.stream(http.get(deed, "applications", query).path("items"))
                .map(ApplicationReader::read)
                .filter(application -> application.name().namespace().equals(wanted))
                .toList();
    }

    @Override
    public Stream watch(String wanted, String resourceVersion, StreamListener listener) {
        return http.stream(
                "watch Applications", "stream/applications", Map.of("appNamespace", wanted), wanted, listener);
    }

    /** Asked as a list of one: where there is no such Application, Argo CD answers a question for it with 403. */
    @Override
    public Optional<Observation> observe(ApplicationName application) {
        Map<String, String> query = Map.of("appNamespace", application.namespace(), "name", application.name());
        return items("read " + application, application.namespace(), query).stream()
                .filter(found -> found.name().equals(application))
                .findFirst();
    }

    /**
     * Asked with a live look before and, where the comparison takes longer than we stay, after: Argo CD writes the request
     * over one that is under way, and then does not carry it out.
     */
    @Override
    public Optional<Accepted> refresh(Observation application, Refresh refresh) {
        ApplicationName name = application.name();
        Optional<Observation> before = observe(name);
        if (before.isEmpty() || before.get().refresh().isPresent()) {
            return Optional.empty();
        }
        Optional<JsonNode> done = http.send(
                "request a refresh of " + name,
                path(name, ""),
                Map.of(
                        "appNamespace",
                        name.namespace(),
                        "refresh",
                        refresh.name().toLowerCase(Locale.ROOT)),
                REFUSAL);
        return done.map(ApplicationReader::read)
                .or(() -> observe(name).filter(now -> now.refresh().isPresent()))
                .map(seen -> new Accepted(seen.resourceVersion(), refresh));
    }

    /** With the same retries as through the Kubernetes API: the server knows those of the policy only. */
    @Override
    public void sync(ApplicationName application, String mark) {
        JsonNode found = http.get("read " + application, path(application, ""), query(application));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", application.name()).put("appNamespace", application.namespace());
        body.put("prune", false).put("dryRun", false);
        body.set("retryStrategy", KubernetesArgoCd.retry(found.path("spec").path("syncPolicy")));
        body.putArray("infos").addObject().put("name", MARK).put("value", mark);
        http.post("request a sync of " + application, "sync", path(application, "/sync"), Map.of(), body);
    }

    /** The server writes the annotation alone: only another value is a change. */
    @Override
    public void renewRefresh(ApplicationName application) {
        http.send(
                "request a refresh again of " + application,
                path(application, ""),
                Map.of("appNamespace", application.namespace(), "refresh", "hard"),
                REFUSAL);
    }

    @Override
    public void withdraw(ApplicationName application, String mark) {
        if (SyncWindows.isBlocked(http.get("read " + application, path(application, ""), query(application)), mark)) {
            http.delete("withdraw the sync of " + application, path(application, "/operation"), query(application));
        }
    }

    @Override
    public List<ResourceState> unhealthyResources(ApplicationName application) {
        return tree(application).unhealthy();
    }

    @Override
    public List<ResourceState> rollouts(ApplicationName application) {
        return tree(application).rollouts();
    }

    private ResourceTree tree(ApplicationName application) {
        JsonNode tree = http.get(
                "read the resources of " + application, path(application, "/resource-tree"), query(application));
        return new ResourceTree(tree, node -> manifest(application, node));
    }

    /** An older server knows the older form only, which takes the action alone as its body. */
    @Override
    public void act(ApplicationName application, ResourceState rollout, RolloutAction action) {
        String deed =
                action.key() + " the Rollout " + rollout.namespace() + "/" + rollout.name() + " of " + application;
        String right = "action/argoproj.io/Rollout/" + action.key();
        Map<String, String> about = new TreeMap<>(query(application));
        about.put("group", "argoproj.io");
        about.put("version", "v1alpha1");
        about.put("kind", Rollouts.KIND);
        about.put("namespace", rollout.namespace());
        about.put("resourceName", rollout.name());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", application.name()).put("action", action.key());
        about.forEach(body::put);
        String path = path(application, "/resource/actions");
        try {
            http.post(deed, right, path + "/v2", Map.of(), body);
        } catch (ArgoCdException older) {
            if (older.reason() != ArgoCdException.Reason.MISSING) {
                throw older;
            }
            http.post(deed, right, path, about, TextNode.valueOf(action.key()));
        }
    }

    /** The live resource of a node of the tree; empty where it is gone, or may not be read. */
    private Optional<JsonNode> manifest(ApplicationName application, JsonNode node) {
        Map<String, String> query = new TreeMap<>(query(application));
        query.put("resourceName", node.path("name").asText());
        List.of("group", "version", "kind", "namespace")
                .forEach(field -> query.put(field, node.path(field).asText()));
        String deed = "read a resource of " + application;
        try {
            String text = http.get(deed, path(application, "/resource"), query)
                    .path("manifest")
                    .asText();
            return Optional.of(http.json(deed, text.getBytes(StandardCharsets.UTF_8)));
        } catch (ArgoCdException cannot) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> heldBack(ApplicationName application) {
        JsonNode windows = http.get(
                "read the sync windows of " + application, path(application, "/syncwindows"), query(application));
        return SyncWindows.closed(windows, SyncWindows.Start.AUTOMATIC);
    }

    @Override
    public Optional<URI> page(ApplicationName application) {
        return Optional.of(application.page(http.base()));
    }

    /** The client's threads end when it is idle; closing streams is the part of who opened them. */
    @Override
    public void close() {}

    private static String path(ApplicationName application, String rest) {
        return "applications/" + ArgoCdHttp.encode(application.name()) + rest;
    }

    private static Map<String, String> query(ApplicationName application) {
        return Map.of("appNamespace", application.namespace());
    }
}
