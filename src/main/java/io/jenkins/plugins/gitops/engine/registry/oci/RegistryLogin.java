package io.jenkins.plugins.gitops.engine.registry.oci;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** User and password for basic authentication and for token servers; an access token is the password. Kept in memory only. */
public record RegistryLogin(String user, String password) {

    /** Value of an {@code Authorization} header. */
    String basic() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RegistryLogin[" + user + "]";
    }
}
