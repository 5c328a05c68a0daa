package io.jenkins.plugins.gitops.playground.controller;

import com.cloudbees.plugins.credentials.Credentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.util.Secret;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The credentials of the simulated cluster's API, which takes any token. */
final class SampleToken implements StringCredentials {

    static final String ID = "cluster-token";

    private static final long serialVersionUID = 1L;

    @Override
    @NonNull
    public String getId() {
        return ID;
    }

    @Override
    @NonNull
    public String getDescription() {
        return "Token of the simulated cluster";
    }

    @Override
    @NonNull
    public Secret getSecret() {
        return Secret.fromString("any-token-will-do");
    }

    @Override
    public Descriptor<Credentials> getDescriptor() {
        throw new UnsupportedOperationException("the playground has no credentials forms");
    }
}
