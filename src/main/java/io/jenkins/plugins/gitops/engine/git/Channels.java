package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.ssh.SshChannel;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.HttpChannel;
import io.jenkins.plugins.gitops.engine.git.transport.LocalChannel;
import io.jenkins.plugins.gitops.engine.git.transport.Timeouts;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/** Chooses the transport by the address. */
final class Channels {

    /** {@code user@host:path}, but neither a Windows path nor another scheme. */
    private static final Pattern SCP_LIKE = Pattern.compile("(?:[\\w.-]+@)?[\\w.-]{2,}:(?!//).+");

    private Channels() {}

    @NonNull
    static Channel to(
            @NonNull Remote remote,
            @NonNull HttpClient http,
            @NonNull RepositorySettings settings,
            @NonNull Path cacheRoot) {
        Timeouts timeouts = settings.timeouts();
        String url = remote.url();
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return new HttpChannel(http, timeouts, httpUri(url), authorization(remote), settings.proxyAuthorization());
        }
        if (lower.startsWith("file:")) {
            return local(url, settings.local());
        }
        if (lower.startsWith("ssh://") || SCP_LIKE.matcher(url).matches()) {
            return ssh(remote, timeouts, cacheRoot, proxies(http));
        }
        throw new RepositoryException(
                "\"" + shown(url) + "\" is not the address of a config repository; give an http(s) or ssh address");
    }

    private static Channel local(String url, RepositorySettings.Local local) {
        return switch (local) {
            case ALLOWED -> new LocalChannel(Path.of(URI.create(url)));
            case REFUSED ->
                throw new RepositoryException(
                        "\"" + shown(url) + "\" is the address of a repository on the controller's own"
                                + " disk, which is not opened; give an http(s) or ssh address");
        };
    }

    private static Channel ssh(Remote remote, Timeouts timeouts, Path cacheRoot, Optional<ProxySelector> proxies) {
        URIish uri;
        try {
            uri = new URIish(remote.url());
        } catch (URISyntaxException e) {
            throw noAddress(remote.url(), e);
        }
        if (uri.getPass() != null) {
            throw holdsCredentials(uri.getHost());
        }
        if (remote.login() instanceof Login.SshKey login) {
            return new SshChannel(uri, login, timeouts, cacheRoot, proxies);
        }
        throw new RepositoryException("The config repository " + shown(remote.url())
                + " is reached over SSH; choose a credential with an SSH key and give the known hosts");
    }

    /** What the client asks, Java's own settings where nothing else was set. */
    private static Optional<ProxySelector> proxies(HttpClient http) {
        return http.proxy().or(() -> Optional.ofNullable(ProxySelector.getDefault()));
    }

    private static RepositoryException holdsCredentials(String host) {
        return new RepositoryException("The address of the config repository on " + host
                + " holds credentials; leave them out and choose a Jenkins credential instead");
    }

    private static URI httpUri(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getRawUserInfo() != null) {
                throw holdsCredentials(uri.getHost());
            }
            if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw noAddress(url, null);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw noAddress(url, e);
        }
    }

    private static Optional<String> authorization(Remote remote) {
        if (remote.login() instanceof Login.UserPassword login) {
            byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        if (remote.login() instanceof Login.SshKey) {
            throw new RepositoryException("The config repository " + remote.url()
                    + " is reached over HTTP, which takes no SSH key; choose a user and password or token");
        }
        return Optional.empty();
    }

    private static RepositoryException noAddress(String url, Exception cause) {
        return new RepositoryException(
                "\"" + shown(url) + "\" is not an address; write it like https://host/group/repository.git", cause);
    }

    /** What stands before an @ may be a password. */
    private static String shown(String url) {
        return url.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/@]*@", "//…@");
    }
}
