package io.jenkins.plugins.gitops.engine.argocd;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** fabric8's mock API server in CRUD mode, which also tells when somebody has written to an Application. */
class ApplicationsApi extends KubernetesCrudDispatcher {

    private static final Pattern APPLICATION =
            Pattern.compile(".*/namespaces/(?<namespace>[^/?]+)/applications/(?<name>[^/?]+).*");

    private final Consumer<ApplicationName> written;

    ApplicationsApi(Consumer<ApplicationName> written) {
        this.written = written;
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

    private void tell(RecordedRequest request) {
        Matcher matcher = APPLICATION.matcher(request.getPath());
        if (matcher.matches()) {
            written.accept(new ApplicationName(matcher.group("namespace"), matcher.group("name")));
        }
    }
}
