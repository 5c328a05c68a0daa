package io.jenkins.plugins.gitops.jenkins;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** Asks for pages and endpoints of a Jenkins over HTTP, as somebody. */
final class JenkinsClient {

    private final JenkinsRule jenkins;

    JenkinsClient(@NonNull JenkinsRule jenkins) {
        this.jenkins = jenkins;
    }

    /** @param path relative to Jenkins */
    @NonNull
    WebResponse get(@NonNull String person, @NonNull String path) throws Exception {
        return send(person, HttpMethod.GET, path);
    }

    /** Posts with a crumb. */
    @NonNull
    WebResponse post(@NonNull String person, @NonNull String path, @NonNull String... parameters) throws Exception {
        try (JenkinsRule.WebClient client = as(person)) {
            WebRequest request = request(HttpMethod.POST, path, parameters);
            client.addCrumb(request);
            return answer(client, request);
        }
    }

    /** As a script does it: with an API token, for which Jenkins asks no crumb. */
    @NonNull
    WebResponse postWithToken(@NonNull String person, @NonNull String path, @NonNull String... parameters)
            throws Exception {
        try (JenkinsRule.WebClient client = as(People.ANONYMOUS).withBasicApiToken(person)) {
            return answer(client, request(HttpMethod.POST, path, parameters));
        }
    }

    /** Without a crumb, whatever the method. */
    @NonNull
    WebResponse send(
            @NonNull String person, @NonNull HttpMethod method, @NonNull String path, @NonNull String... parameters)
            throws Exception {
        try (JenkinsRule.WebClient client = as(person)) {
            return answer(client, request(method, path, parameters));
        }
    }

    private JenkinsRule.WebClient as(String person) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
        // Whoever is refused without having signed in is sent on to the login page, which is not an answer.
        client.setRefreshHandler((page, url, seconds) -> {});
        return person.isEmpty() ? client : client.withBasicCredentials(person);
    }

    private WebRequest request(HttpMethod method, String path, String... parameters) throws IOException {
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), method);
        List<NameValuePair> pairs = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(new NameValuePair(parameters[i], parameters[i + 1]));
        }
        request.setRequestParameters(pairs);
        return request;
    }

    private static WebResponse answer(JenkinsRule.WebClient client, WebRequest request) throws IOException {
        return client.getPage(request).getWebResponse();
    }
}
