package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Run;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;
import java.util.Set;
import org.springframework.security.core.Authentication;

public abstract class CredentialsProvider implements ExtensionPoint {

    public static final PermissionGroup GROUP = new PermissionGroup(CredentialsProvider.class, null);
    public static final Permission USE_ITEM =
            new Permission(GROUP, "UseItem", null, Item.CONFIGURE, PermissionScope.ITEM);
    public static final Permission CREATE = new Permission(GROUP, "Create", null, Item.CONFIGURE, PermissionScope.ITEM);
    public static final Permission UPDATE = new Permission(GROUP, "Update", null, Item.CONFIGURE, PermissionScope.ITEM);
    public static final Permission VIEW = new Permission(GROUP, "View", null, Item.EXTENDED_READ, PermissionScope.ITEM);
    public static final Permission DELETE = new Permission(GROUP, "Delete", null, Item.CONFIGURE, PermissionScope.ITEM);

    @NonNull
    public String getDisplayName() {
        return getClass().getSimpleName();
    }

    public String getIconClassName() {
        return "symbol-credentials plugin-credentials";
    }

    public Set<CredentialsScope> getScopes(ModelObject object) {
        return null;
    }

    @CheckForNull
    public CredentialsStore getStore(@CheckForNull ModelObject object) {
        return null;
    }

    @NonNull
    @SuppressWarnings("rawtypes")
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        throw new AbstractMethodError("Implement getCredentialsInItemGroup from " + getClass());
    }

    @CheckForNull
    public static <C extends IdCredentials> C findCredentialById(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull Run<?, ?> run,
            @Nullable List<DomainRequirement> domainRequirements) {
        return StandIn.current().credential(id, type, run.getParent()).orElse(null);
    }

    @CheckForNull
    public static <C extends IdCredentials> C findCredentialByIdInItem(
            @NonNull String id,
            @NonNull Class<C> type,
            @Nullable Item item,
            @Nullable Authentication authentication,
            @Nullable List<DomainRequirement> domainRequirements) {
        return StandIn.current().credential(id, type, item).orElse(null);
    }

    @CheckForNull
    public static <C extends IdCredentials> C findCredentialByIdInItemGroup(
            @NonNull String id,
            @NonNull Class<C> type,
            @Nullable ItemGroup<?> itemGroup,
            @Nullable Authentication authentication,
            @Nullable List<DomainRequirement> domainRequirements) {
        return StandIn.current().credential(id, type, itemGroup).orElse(null);
    }

    @SuppressWarnings("rawtypes")
    @CheckForNull
    public static <C extends Credentials> C track(@NonNull Run build, @CheckForNull C credentials) {
        if (credentials != null) {
            StandIn.current().recordUse(build, credentials);
        }
        return credentials;
    }

    @CheckForNull
    public static <C extends Credentials> C track(@NonNull Item item, @CheckForNull C credentials) {
        if (credentials != null) {
            StandIn.current().recordUse(item, credentials);
        }
        return credentials;
    }
}
