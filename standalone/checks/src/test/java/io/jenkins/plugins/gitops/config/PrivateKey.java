package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.util.List;

/** An SSH key. */
record PrivateKey(String id, String key, String phrase, CredentialsScope scope) implements SSHUserPrivateKey {

    PrivateKey(String id, String key, String phrase) {
        this(id, key, phrase, CredentialsScope.GLOBAL);
    }

    @Override
    public CredentialsScope getScope() {
        return scope;
    }

    @Override
    @NonNull
    public String getId() {
        return id;
    }

    @Override
    @NonNull
    public String getDescription() {
        return "";
    }

    @Override
    @NonNull
    public String getUsername() {
        return "git";
    }

    @Override
    public Secret getPassphrase() {
        return Secret.fromString(phrase);
    }

    @Override
    @NonNull
    public List<String> getPrivateKeys() {
        return List.of(key);
    }
}
