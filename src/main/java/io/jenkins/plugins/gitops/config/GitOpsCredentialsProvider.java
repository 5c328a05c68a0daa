package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.CredentialsStoreAction;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.security.Permission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;
import org.springframework.security.core.Authentication;

/**
 * The store <em>GitOps Promotion</em> of a folder: credentials for what the folder itself configures for this plugin. Jobs
 * cannot list or bind them, because the lookups of the Credentials plugin find nothing here; only {@link CredentialLookup}
 * reads it, for the very folder whose store it is.
 */
@Extension
public class GitOpsCredentialsProvider extends CredentialsProvider {

    /** What the store of a place has under an id. */
    static Optional<StandardCredentials> find(@CheckForNull Item place, String id) {
        return held(place).stream().filter(held -> held.getId().equals(id)).findFirst();
    }

    /** All that the store of a place has. */
    static List<StandardCredentials> held(@CheckForNull Item place) {
        Held held = place instanceof AbstractFolder<?> folder
                ? folder.getProperties().get(Held.class)
                : null;
        return held == null ? List.of() : held.credentials();
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsCredentialsProvider_displayName();
    }

    @Override
    @CheckForNull
    public Set<CredentialsScope> getScopes(ModelObject object) {
        return object instanceof AbstractFolder ? Set.of(CredentialsScope.GLOBAL) : null;
    }

    @Override
    @CheckForNull
    public CredentialsStore getStore(@CheckForNull ModelObject object) {
        return object instanceof AbstractFolder<?> folder ? new FolderStore(folder) : null;
    }

    /** None: what is here is for nobody who asks in the usual way. */
    @Override
    @SuppressWarnings("rawtypes")
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            Class<C> type,
            @CheckForNull ItemGroup itemGroup,
            @CheckForNull Authentication authentication,
            List<DomainRequirement> domainRequirements) {
        return List.of();
    }

    /** The store on a folder's page <em>Credentials</em>. Only the global domain is there. */
    private static final class FolderStore extends CredentialsStore {

        private final AbstractFolder<?> folder;
        private final StoreAction action = new StoreAction(this);

        FolderStore(AbstractFolder<?> folder) {
            super(GitOpsCredentialsProvider.class);
            this.folder = folder;
        }

        @Override
        public ModelObject getContext() {
            return folder;
        }

        @Override
        public boolean hasPermission2(Authentication who, Permission permission) {
            return folder.hasPermission2(who, permission);
        }

        @Override
        public CredentialsStoreAction getStoreAction() {
            return action;
        }

        @Override
        public String getDisplayName() {
            return Messages.GitOpsCredentialsProvider_displayName();
        }

        @Override
        public List<Credentials> getCredentials(Domain domain) {
            return domain.isGlobal() && hasPermission(CredentialsProvider.VIEW) ? List.copyOf(held(folder)) : List.of();
        }

        @Override
        public boolean addCredentials(Domain domain, Credentials added) throws IOException {
            return change(
                    CredentialsProvider.CREATE,
                    domain,
                    held -> added instanceof StandardCredentials one && index(held, one) < 0 && held.add(one));
        }

        @Override
        public boolean removeCredentials(Domain domain, Credentials removed) throws IOException {
            return change(CredentialsProvider.DELETE, domain, held -> {
                int place = index(held, removed);
                return place >= 0 && held.remove(place) != null;
            });
        }

        @Override
        public boolean updateCredentials(Domain domain, Credentials current, Credentials replacement)
                throws IOException {
            return change(CredentialsProvider.UPDATE, domain, held -> {
                int place = index(held, current);
                if (place >= 0 && index(held, replacement) != place) {
                    throw new IllegalArgumentException("The ID of credentials cannot be changed: add new ones.");
                }
                return place >= 0 && held.set(place, (StandardCredentials) replacement) != null;
            });
        }

        /** Where the credentials of the same ID are; negative for nowhere. */
        private static int index(List<StandardCredentials> held, Credentials one) {
            return one instanceof IdCredentials named
                    ? held.stream().map(IdCredentials::getId).toList().indexOf(named.getId())
                    : -1;
        }

        private boolean change(Permission needed, Domain domain, Predicate<List<StandardCredentials>> edit)
                throws IOException {
            checkPermission(needed);
            synchronized (folder) {
                ArrayList<StandardCredentials> next = new ArrayList<>(held(folder));
                if (!domain.isGlobal() || !edit.test(next)) {
                    return false;
                }
                Held held = folder.getProperties().get(Held.class);
                if (held == null) {
                    folder.addProperty(new Held(next));
                } else {
                    held.credentials = next;
                }
                folder.save();
                return true;
            }
        }
    }

    /** The pages of a folder's store. */
    public static final class StoreAction extends CredentialsStoreAction {

        private final CredentialsStore store;

        StoreAction(CredentialsStore store) {
            this.store = store;
        }

        @Override
        public CredentialsStore getStore() {
            return store;
        }

        @Override
        public String getDisplayName() {
            return Messages.GitOpsCredentialsProvider_displayName();
        }

        @Override
        public String getUrlName() {
            return "gitops";
        }
    }

    /** Keeps the credentials of a folder's store in the folder's configuration, their secrets encrypted. */
    public static final class Held extends AbstractFolderProperty<AbstractFolder<?>> {

        private volatile ArrayList<StandardCredentials> credentials;

        Held(ArrayList<StandardCredentials> credentials) {
            this.credentials = credentials;
        }

        List<StandardCredentials> credentials() {
            return credentials == null ? List.of() : List.copyOf(credentials);
        }

        /** The folder's form does not change them. */
        @Override
        public AbstractFolderProperty<?> reconfigure(@CheckForNull StaplerRequest2 request, JSONObject form) {
            return this;
        }

        /** Has no part of the folder's form. */
        @Extension
        public static class DescriptorImpl extends AbstractFolderPropertyDescriptor {

            @Override
            public String getDisplayName() {
                return Messages.GitOpsCredentialsProvider_propertyName();
            }

            @Override
            @CheckForNull
            public AbstractFolderProperty<?> newInstance(@CheckForNull StaplerRequest2 request, JSONObject form) {
                return null;
            }
        }
    }
}
