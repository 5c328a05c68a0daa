package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * The requests of one JGit transport.
 *
 * @param opened the repository's address as JGit knows it; the channel's own may move on by a redirect
 */
record HttpRequests(
        @NonNull HttpChannel channel,
        @NonNull URI opened,
        @NonNull Channel.Refs refs,
        @NonNull Channel.Greeting greeting)
        implements HttpConnectionFactory {

    @Override
    public HttpConnection create(URL url) {
        return new HttpRequestToGit(this, url);
    }

    /** The client chooses the proxy. */
    @Override
    public HttpConnection create(URL url, Proxy proxy) {
        return create(url);
    }
}
