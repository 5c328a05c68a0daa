package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

public class User implements AccessControlled, ModelObject, Saveable, Comparable<User> {

    private final Authentication authentication;

    private User(Authentication authentication) {
        this.authentication = authentication;
    }

    @CheckForNull
    public static User current() {
        Authentication now = Jenkins.getAuthentication2();
        return ACL.isAnonymous2(now) || now.equals(ACL.SYSTEM2) ? null : new User(now);
    }

    @Nullable
    public static User getById(String id, boolean create) {
        Authentication known = StandIn.current().users().get(id);
        return known == null ? null : new User(known);
    }

    @NonNull
    public static Collection<User> getAll() {
        return StandIn.current().users().values().stream().map(User::new).toList();
    }

    public String getId() {
        return authentication.getName();
    }

    @NonNull
    public String getUrl() {
        return "user/" + getId();
    }

    @NonNull
    public String getFullName() {
        return getId();
    }

    @Override
    @NonNull
    public String getDisplayName() {
        return getFullName();
    }

    @NonNull
    public List<String> getAuthorities() {
        return authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .toList();
    }

    @NonNull
    public Authentication impersonate2() {
        return authentication;
    }

    @NonNull
    public UserDetails getUserDetailsForImpersonation2() throws UsernameNotFoundException {
        return StandIn.current().account(authentication);
    }

    public <T extends UserProperty> T getProperty(Class<T> clazz) {
        return StandIn.current().userProperty(getId(), clazz).orElse(null);
    }

    @Override
    @NonNull
    public ACL getACL() {
        return StandIn.current().acl(this);
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public int compareTo(@NonNull User that) {
        return getId().compareTo(that.getId());
    }
}
