package hudson;

import hudson.util.Secret;
import java.util.List;
import java.util.regex.Pattern;

public final class ProxyConfiguration {

    private ProxyConfiguration() {}

    public String getName() {
        return null;
    }

    public int getPort() {
        return 0;
    }

    public String getUserName() {
        return null;
    }

    public Secret getSecretPassword() {
        return null;
    }

    public List<Pattern> getNoProxyHostPatterns() {
        return List.of();
    }
}
