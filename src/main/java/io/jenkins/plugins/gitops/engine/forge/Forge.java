package io.jenkins.plugins.gitops.engine.forge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the pull requests of a repository: which kind of server its address leads to, and where its API is. */
public final class Forge {

    private static final int MOST_CLIENTS = 200;
    /** Users that stand for a token: how plugins and servers write one where Git wants a user and a password. */
    private static final Set<String> TOKEN_USERS = Set.of("", "x-access-token", "x-token-auth", "oauth2");

    private static final Pattern URL = Pattern.compile(
            "(?<scheme>https?|ssh)://(?:[^/@]*@)?(?<host>[^/:]+)(?::(?<port>\\d+))?/+(?<path>.+?)(?:\\.git)?/*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[^/@:\\s]+@)?(?<host>[^/@:\\s]+):(?!//)/*(?<path>\\S+?)(?:\\.git)?/*");

    private final HttpClients clients;
    private final InstantSource clock;
    /** One for each repository and login, so that entity tags and limits are remembered. */
    private final Cache<List<Object>, PullRequests> known = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** A kind of server. */
    public enum Provider {
        GITHUB("GitHub"),
        GITLAB("GitLab"),
        GITEA("Gitea"),
        BITBUCKET("Bitbucket"),
        AZURE("Azure DevOps");

        private final String title;

        Provider(String title) {
            this.title = title;
        }

        /** As declarations write it. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws RefusedException if there is none of this name */
        public static Provider of(String id) {
            return Stream.of(values())
                    .filter(one -> one.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new RefusedException("There is no provider '" + id + "' of pull requests:"
                            + " choose from "
                            + Stream.of(values()).map(Provider::id).collect(Collectors.joining(", ")) + "."));
        }
    }

    /**
     * Parts of a repository's address.
     *
     * @param authority of its web server; of one that is reached by SSH without its port, which is SSH's
     * @param path without {@code .git} and outer slashes
     */
    private record Address(String scheme, String host, String authority, String path) {

        static Optional<Address> of(String repository) {
            Matcher url = URL.matcher(repository);
            if (url.matches()) {
                String host = url.group("host").toLowerCase(Locale.ROOT);
                String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
                boolean isSsh = scheme.equals("ssh");
                return Optional.of(new Address(
                        isSsh ? "https" : scheme,
                        host,
                        isSsh || url.group("port") == null ? host : host + ":" + url.group("port"),
                        url.group("path")));
            }
            Matcher scp = SCP_LIKE.matcher(repository);
            return scp.matches()
                    ? Optional.of(new Address(
                            "https",
                            scp.group("host").toLowerCase(Locale.ROOT),
                            scp.group("host").toLowerCase(Locale.ROOT),
                            scp.group("path")))
                    : Optional.empty();
        }

        URI at(String server, String below) {
            return URI.create(scheme + "://" + server + below);
        }

        /** The part before the last so many names of the path, with a slash in front; empty for none. */
        String prefix(int names) {
            String[] parts = path.split("/");
            return Stream.of(parts)
                    .limit(Math.max(0, parts.length - names))
                    .map(part -> "/" + part)
                    .collect(Collectors.joining());
        }

        /** A name of the path from its end, starting with 1. */
        String last(int number) {
            String[] parts = path.split("/");
            return parts.length < number ? "" : parts[parts.length - number];
        }
    }

    public Forge(HttpClients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** The server's name in an address of a repository, in lower case; empty where it has none. */
    public static String host(String repository) {
        return Address.of(repository).map(Address::host).orElse("");
    }

    /** The kind of server at an address, where its name tells. */
    public static Optional<Provider> provider(String repository) {
        return Address.of(repository).flatMap(address -> {
            String host = address.host();
            if (host.equals("github.com") || host.endsWith(".ghe.com") || host.startsWith("github.")) {
                return Optional.of(Provider.GITHUB);
            }
            if (host.equals("gitlab.com") || host.startsWith("gitlab.")) {
                return Optional.of(Provider.GITLAB);
            }
            if (host.equals("codeberg.org") || host.startsWith("gitea.") || host.startsWith("forgejo.")) {
                return Optional.of(Provider.GITEA);
            }
            if (host.equals("bitbucket.org") || host.startsWith("bitbucket.")) {
                return Optional.of(Provider.BITBUCKET);
            }
            return isAzure(host) ? Optional.of(Provider.AZURE) : Optional.empty();
        });
    }

    /** Where a server whose name tells its kind shows commits: an address that a commit's id is appended to. */
    public static Optional<String> commits(String repository) {
        return Address.of(repository)
                .filter(address -> address.path().matches("[\\w.~/-]+"))
                .flatMap(address -> provider(repository).flatMap(provider -> commits(provider, address)));
    }

    private static Optional<String> commits(Provider provider, Address address) {
        String page = address.scheme() + "://" + address.authority() + "/" + address.path();
        return switch (provider) {
            case GITHUB, GITEA -> Optional.of(page + "/commit/");
            case GITLAB -> Optional.of(page + "/-/commit/");
            case BITBUCKET -> Optional.of((isBitbucketCloud(address) ? page : dataCenter(address, "")) + "/commits/");
            case AZURE ->
                Optional.of(path(address))
                        .filter(path -> path.contains("_git/"))
                        .map(path -> address.scheme() + "://" + azureServer(address) + "/" + path + "/commit/");
        };
    }

    private static boolean isAzure(String host) {
        return host.equals("dev.azure.com") || host.equals("ssh.dev.azure.com") || host.endsWith(".visualstudio.com");
    }

    /**
     * The pull requests of a repository. Sends nothing.
     *
     * @param declared the kind of server; null for what the address tells
     * @throws RefusedException if no kind is known, or the address is no repository's of that kind
     */
    public PullRequests of(Remote remote, @Nullable Provider declared) {
        Provider provider = Optional.ofNullable(declared)
                .or(() -> provider(remote.url()))
                .orElseThrow(() -> new RefusedException("The address " + remote.url()
                        + " does not tell which kind of server has its pull requests: add 'provider' to 'deliver' in"
                        + " gitops.yaml, one of "
                        + Stream.of(Provider.values()).map(Provider::id).collect(Collectors.joining(", ")) + "."));
        return known.get(List.of(provider, remote), key -> open(remote, provider));
    }

    private PullRequests open(Remote remote, Provider provider) {
        Address address = Address.of(remote.url())
                .filter(found -> found.path().contains("/"))
                .orElseThrow(() -> notRepository(remote, provider));
        String host = address.host();
        return switch (provider) {
            case GITHUB -> {
                String owner = address.last(2);
                URI api = host.equals("github.com")
                        ? URI.create("https://api.github.com")
                        : host.endsWith(".ghe.com")
                                ? URI.create("https://api." + host)
                                : address.at(address.authority(), "/api/v3");
                yield new GitHub(
                        client(remote, provider, below(api, "/repos/" + owner + "/" + address.last(1))),
                        owner,
                        address.last(1));
            }
            case GITLAB -> {
                URI api = address.at(address.authority(), "/api/v4");
                yield new GitLab(
                        client(remote, provider, below(api, "/projects/" + PullRequests.encoded(address.path()))),
                        api + "/users");
            }
            case GITEA ->
                new Gitea(client(
                        remote,
                        provider,
                        address.at(
                                address.authority(),
                                address.prefix(2) + "/api/v1/repos/" + address.last(2) + "/" + address.last(1))));
            case BITBUCKET -> bitbucket(remote, address);
            case AZURE -> azure(remote, address);
        };
    }

    private static URI below(URI api, String path) {
        return URI.create(api + path);
    }

    private PullRequests bitbucket(Remote remote, Address address) {
        if (isBitbucketCloud(address)) {
            return new BitbucketCloud(client(
                    remote,
                    Provider.BITBUCKET,
                    URI.create(
                            "https://api.bitbucket.org/2.0/repositories/" + address.last(2) + "/" + address.last(1))));
        }
        return new BitbucketDataCenter(
                client(remote, Provider.BITBUCKET, URI.create(dataCenter(address, "/rest/api/latest"))),
                dataCenter(address) + "/rest/build-status/latest");
    }

    private static boolean isBitbucketCloud(Address address) {
        return address.host().equals("bitbucket.org");
    }

    private static URI dataCenter(Address address) {
        return address.at(address.authority(), address.prefix(address.last(3).equals("scm") ? 3 : 2));
    }

    /** @param api path of one, or nothing for the repository's pages */
    private static String dataCenter(Address address, String api) {
        return dataCenter(address) + api + "/projects/" + address.last(2) + "/repos/" + address.last(1);
    }

    private static String azureServer(Address address) {
        return address.host().equals("ssh.dev.azure.com") ? "dev.azure.com" : address.authority();
    }

    private static String path(Address azure) {
        return azure.path().startsWith("v3/")
                ? azure.path().replaceFirst("^v3/([^/]+/[^/]+)/([^/]+)$", "$1/_git/$2")
                : azure.path();
    }

    /** {@code organization/project/_git/repository}; over SSH {@code v3/organization/project/repository}. */
    private PullRequests azure(Remote remote, Address address) {
        String path = path(address);
        Matcher parts =
                Pattern.compile("(?:(?<above>.*)/)?_git/(?<repository>[^/]+)").matcher(path);
        if (!parts.matches()) {
            throw notRepository(remote, Provider.AZURE);
        }
        String above = parts.group("above") == null ? "" : parts.group("above");
        String repository = parts.group("repository");
        // A repository of the same name as its project may leave it out.
        boolean hasProject = above.contains("/") || address.host().endsWith(".visualstudio.com") && !above.isEmpty();
        String project = "/" + (hasProject ? above : above.isEmpty() ? repository : above + "/" + repository);
        URI api = address.at(azureServer(address), project + "/_apis");
        return new AzureDevOps(
                client(remote, Provider.AZURE, below(api, "/git/repositories/" + repository)), api.toString());
    }

    private static RefusedException notRepository(Remote remote, Provider provider) {
        return new RefusedException("The address " + remote.url() + " is not that of a repository at " + provider.title
                + ": correct it, or 'provider' of 'deliver' in gitops.yaml.");
    }

    private ForgeClient client(Remote remote, Provider provider, URI api) {
        HttpClients trusting = remote.authorities().map(this::trusting).orElse(clients);
        return new ForgeClient(
                trusting, provider.title + " (" + api.getHost() + ")", api, authorization(remote, provider), clock);
    }

    private HttpClients trusting(String pem) {
        try {
            return clients.trusting(Authorities.trusting(pem));
        } catch (CertificateException e) {
            throw new RefusedException(
                    "The certificate authority of the config repository cannot be read: correct it in its settings.",
                    e);
        }
    }

    /** @throws RefusedException if the login is an SSH key, which no API takes */
    private static Optional<String> authorization(Remote remote, Provider provider) {
        return remote.api().or(remote::login).map(login -> {
            if (!(login instanceof Remote.Login.UserPassword given)) {
                throw new RefusedException("The config repository " + remote.url()
                        + " is opened with an SSH key, which "
                        + provider.title + " does not take for pull requests: choose API credentials for it, or"
                        + " configure its https address with a token.");
            }
            Supplier<String> bearer = () -> "Bearer " + given.password();
            Supplier<String> basic = () -> "Basic "
                    + Base64.getEncoder()
                            .encodeToString((given.user() + ":" + given.password()).getBytes(StandardCharsets.UTF_8));
            return switch (provider) {
                // They take tokens alone.
                case GITHUB, GITLAB -> bearer.get();
                // They take a token as password.
                case GITEA, AZURE -> basic.get();
                case BITBUCKET -> TOKEN_USERS.contains(given.user()) ? bearer.get() : basic.get();
            };
        });
    }
}
