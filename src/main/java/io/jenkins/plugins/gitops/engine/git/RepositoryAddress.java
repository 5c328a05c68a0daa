package io.jenkins.plugins.gitops.engine.git;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address of a config repository without what writes the same one differently. */
public final class RepositoryAddress {

    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[^/@:\\s]+@)?(?<host>[^/@:\\s]+):(?!//)/*(?<path>\\S+)");
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?(?<host>[^/:]+|\\[[^]/]*])(?::(?<port>\\d*))?(?<path>/.*)?");
    private static final Map<String, String> USUAL_PORTS = Map.of("https", "443", "http", "80", "ssh", "22");

    private RepositoryAddress() {}

    /** Whether two addresses lead to the same repository, whatever the user and the capitals of the host. */
    public static boolean isSame(String one, String other) {
        return normal(one).equals(normal(other));
    }

    /** Whether two addresses lead to the same server in the same way, with the same port. */
    public static boolean isSameServer(String one, String other) {
        return server(one).isPresent() && server(one).equals(server(other));
    }

    private static Optional<String> server(String address) {
        String normal = normal(address);
        int path = normal.indexOf('/', normal.indexOf("://") + 3);
        return normal.contains("://") && path > 0 ? Optional.of(normal.substring(0, path)) : Optional.empty();
    }

    /** In lower case but for the path, and without user, usual port, {@code .git} and slashes at the end. */
    private static String normal(String address) {
        Matcher scpLike = SCP_LIKE.matcher(address);
        if (scpLike.matches()) {
            return "ssh://" + scpLike.group("host").toLowerCase(Locale.ROOT) + "/" + path(scpLike.group("path"));
        }
        Matcher url = URL.matcher(address);
        if (!url.matches()) {
            return address;
        }
        String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
        String port = url.group("port");
        boolean isUsual = port == null || port.isEmpty() || port.equals(USUAL_PORTS.get(scheme));
        return scheme + "://" + url.group("host").toLowerCase(Locale.ROOT) + (isUsual ? "" : ":" + port) + "/"
                + path(url.group("path") == null ? "" : url.group("path"));
    }

    private static String path(String path) {
        return path.replaceAll("/+", "/").replaceFirst("^/", "").replaceFirst("(?:/|\\.git)*$", "");
    }
}
