package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
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
public final class Channels {

    /** {@code user@host:path}, but neither a Windows path nor another scheme. */
    private static final Pattern SCP_LIKE = Pattern.compile("(?:[\\w.-]+@)?[\\w.-]{2,}:(?!//).+");

    /** However small the cache may be, an answer of so many bytes is taken. */
    private static final long SMALLEST_LIMIT = 64L << 20;

    private Channels() {}

    /**
     * @param clients how {@code http} was built
     * @param http for this remote, trusting its authorities
     */
    @NonNull
    public static Channel to(
            @NonNull Remote remote,
            @NonNull HttpClients clients,
            @NonNull HttpClient http,
            @NonNull RepositorySettings settings,
            @NonNull Path cacheRoot) {
        Timeouts timeouts = settings.timeouts();
        String url = remote.url();
        String lower = url.toLowerCase(Locale.ROOT);
        long largestAnswer = Math.max(SMALLEST_LIMIT, settings.cache().bytes());
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return new HttpChannel(clients, http, timeouts, httpUri(url), largestAnswer, authorization(remote));
        }
        if (lower.startsWith("file:")) {
            throw new RepositoryException(
                    "\"" + shown(url) + "\" is the address of a repository on the controller's own"
                            + " disk, which is not opened; give an http(s) or ssh address");
        }
        if (lower.startsWith("ssh://") || SCP_LIKE.matcher(url).matches()) {
            return ssh(remote, timeouts, largestAnswer, cacheRoot, clients.proxies());
        }
        throw new RepositoryException(
                "\"" + shown(url) + "\" is not the address of a config repository; give an http(s) or ssh address");
    }

    private static Channel ssh(
            Remote remote, Timeouts timeouts, long largestAnswer, Path cacheRoot, Optional<ProxySelector> proxies) {
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
            return new SshChannel(uri, login, timeouts, largestAnswer, cacheRoot, proxies);
        }
        throw new RepositoryException("The config repository " + shown(remote.url())
                + " is reached over SSH; choose a credential with an SSH key and give the known hosts");
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
            throw new RepositoryException("The config repository " + shown(remote.url())
                    + " is reached over HTTP, which takes no SSH key; choose a user and password or token");
        }
        return Optional.empty();
    }

    private static RepositoryException noAddress(String url, Exception cause) {
        return new RepositoryException(
                "\"" + shown(url) + "\" is not an address; write it like https://host/group/repository.git", cause);
    }

    /** What stands before an @, or in a query, may be a password or token. */
    @NonNull
    public static String shown(@NonNull String url) {
        return url.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/@]*@", "//…@").replaceAll("[?#].*", "?…");
    }
}
