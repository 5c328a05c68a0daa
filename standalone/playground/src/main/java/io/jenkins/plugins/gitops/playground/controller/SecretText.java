package io.jenkins.plugins.gitops.playground.controller;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.util.Secret;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Credentials of the playground, which keeps no secrets. */
public record SecretText(
        @NonNull String id,
        @NonNull String description,
        @NonNull String text) implements StringCredentials {

    private static final long serialVersionUID = 1L;

    /** Of the simulated cluster's API, which takes any token. */
    static final SecretText CLUSTER_TOKEN =
            new SecretText("cluster-token", "Token of the simulated cluster", "any-token-will-do");

    @Override
    public CredentialsScope getScope() {
        return CredentialsScope.GLOBAL;
    }

    @Override
    @NonNull
    public String getId() {
        return id;
    }

    @Override
    @NonNull
    public String getDescription() {
        return description;
    }

    @Override
    @NonNull
    public Secret getSecret() {
        return Secret.fromString(text);
    }

    @Override
    public Descriptor<Credentials> getDescriptor() {
        throw new UnsupportedOperationException("the playground has no credentials forms");
    }
}
