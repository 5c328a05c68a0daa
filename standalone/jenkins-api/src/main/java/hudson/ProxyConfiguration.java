package hudson;

import hudson.util.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

public final class ProxyConfiguration {

    private final String name;
    private final int port;
    private final String userName;
    private final Secret password;
    private final String noProxyHost;

    public ProxyConfiguration(String name, int port, String userName, String password, String noProxyHost) {
        this.name = name;
        this.port = port;
        this.userName = userName;
        this.password = password == null ? null : Secret.fromString(password);
        this.noProxyHost = noProxyHost;
    }

    public String getName() {
        return name;
    }

    public int getPort() {
        return port;
    }

    public String getUserName() {
        return userName;
    }

    public Secret getSecretPassword() {
        return password;
    }

    /** Hosts apart by space, comma or |, with * for any text. */
    public List<Pattern> getNoProxyHostPatterns() {
        return noProxyHost == null
                ? List.of()
                : Arrays.stream(noProxyHost.split("[ \t\n,|]+"))
                        .filter(host -> !host.isEmpty())
                        .map(host -> Pattern.compile(host.replace(".", "\\.").replace("*", ".*")))
                        .toList();
    }
}
