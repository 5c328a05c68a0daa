package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.Domain;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.ModelObject;
import hudson.model.Saveable;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.Authentication;

public abstract class CredentialsStore implements AccessControlled, Saveable {

    public CredentialsStore(Class<? extends CredentialsProvider> providerClass) {}

    @NonNull
    public abstract ModelObject getContext();

    @Override
    public boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission) {
        throw new AbstractMethodError();
    }

    @Override
    @NonNull
    public ACL getACL() {
        return new ACL() {
            @Override
            public boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission) {
                return CredentialsStore.this.hasPermission2(a, permission);
            }
        };
    }

    @Override
    public final void checkPermission(@NonNull Permission p) {
        getACL().checkPermission(p);
    }

    @Override
    public final boolean hasPermission(@NonNull Permission p) {
        return getACL().hasPermission(p);
    }

    @NonNull
    public abstract List<Credentials> getCredentials(@NonNull Domain domain);

    public abstract boolean addCredentials(@NonNull Domain domain, @NonNull Credentials credentials) throws IOException;

    public abstract boolean removeCredentials(@NonNull Domain domain, @NonNull Credentials credentials)
            throws IOException;

    public abstract boolean updateCredentials(
            @NonNull Domain domain, @NonNull Credentials current, @NonNull Credentials replacement) throws IOException;

    public String getDisplayName() {
        return getClass().getSimpleName();
    }

    @Nullable
    public CredentialsStoreAction getStoreAction() {
        return null;
    }

    @Override
    public void save() throws IOException {
        if (getContext() instanceof Saveable saveable) {
            saveable.save();
        }
    }
}
