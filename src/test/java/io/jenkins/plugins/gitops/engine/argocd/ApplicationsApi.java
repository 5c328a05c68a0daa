package io.jenkins.plugins.gitops.engine.argocd;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fabric8's mock API server in CRUD mode, which also tells when somebody has written to an Application, and lets a watch
 * hear of what was deleted since the version it goes on from, as the real one does.
 */
class ApplicationsApi extends KubernetesCrudDispatcher {

    private static final Pattern APPLICATION =
            Pattern.compile(".*/namespaces/(?<namespace>[^/?]+)/applications/(?<name>[^/?]+).*");
    private static final Pattern ROLLOUT = Pattern.compile(".*/namespaces/[^/?]+/rollouts/(?<name>[^/?]+).*");
    private static final Pattern VERSION = Pattern.compile(".*[?&]resourceVersion=(?<version>\\d+).*");

    private final Consumer<ApplicationName> written;
    private final Consumer<String> rollouts;
    private final List<Deletion> deletions = new CopyOnWriteArrayList<>();

    private record Deletion(long version, String resource) {}

    ApplicationsApi(Consumer<ApplicationName> written, Consumer<String> rollouts) {
        this.written = written;
        this.rollouts = rollouts;
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        MockResponse response = super.handlePatch(request);
        tell(request);
        return response;
    }

    @Override
    public MockResponse handleUpdate(RecordedRequest request) {
        MockResponse response = super.handleUpdate(request);
        tell(request);
        return response;
    }

    /** Remembered before it is done: a watch that opens in between hears of it twice rather than never. */
    @Override
    public MockResponse handleDelete(String path) {
        MockResponse found = handleGet(path);
        if (found.code() == 200) {
            deletions.add(new Deletion(requestResourceVersion(), found.getBody().readUtf8()));
        }
        return super.handleDelete(path);
    }

    @Override
    public MockResponse handleWatch(String path) {
        MockResponse response = super.handleWatch(path);
        Matcher version = VERSION.matcher(path);
        return version.matches()
                ? response.withWebSocketUpgrade(new CatchingUp(
                        response.getWebSocketListener(),
                        socket -> deletedSince(Long.parseLong(version.group("version")))
                                .forEach(socket::send)))
                : response;
    }

    private List<String> deletedSince(long version) {
        return deletions.stream()
                .filter(deletion -> deletion.version() >= version)
                .map(deletion -> "{\"type\":\"DELETED\",\"object\":" + deletion.resource() + "}")
                .toList();
    }

    private void tell(RecordedRequest request) {
        Matcher matcher = APPLICATION.matcher(request.getPath());
        if (matcher.matches()) {
            written.accept(new ApplicationName(matcher.group("namespace"), matcher.group("name")));
        }
        Matcher rollout = ROLLOUT.matcher(request.getPath());
        if (rollout.matches()) {
            rollouts.accept(rollout.group("name"));
        }
    }
}
