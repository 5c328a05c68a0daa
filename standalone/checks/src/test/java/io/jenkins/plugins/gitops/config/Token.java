package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** A secret text. */
record Token(String id, CredentialsScope scope) implements StringCredentials {

    Token(String id) {
        this(id, CredentialsScope.GLOBAL);
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
    public Secret getSecret() {
        return Secret.fromString("s3cret");
    }
}
