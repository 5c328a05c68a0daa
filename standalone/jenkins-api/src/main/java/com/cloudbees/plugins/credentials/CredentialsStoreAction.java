package com.cloudbees.plugins.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;

public abstract class CredentialsStoreAction implements Action {

    @NonNull
    public abstract CredentialsStore getStore();

    @Override
    public String getIconFileName() {
        return isVisible() ? "/plugin/credentials/images/credentials.svg" : null;
    }

    @Override
    public String getDisplayName() {
        return "Credentials";
    }

    @Override
    public String getUrlName() {
        return "credential-store";
    }

    public boolean isVisible() {
        return getStore().hasPermission(CredentialsProvider.VIEW);
    }

    public String getIconClassName() {
        return isVisible() ? "symbol-credentials plugin-credentials" : null;
    }
}
