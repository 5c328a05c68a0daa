package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

public abstract class ACL {

    public static final Authentication SYSTEM2 = new UsernamePasswordAuthenticationToken("SYSTEM", "SYSTEM", List.of());

    public final void checkPermission(@NonNull Permission p) {
        if (!hasPermission(p)) {
            throw new AccessDeniedException(Jenkins.getAuthentication2().getName() + " is missing the "
                    + p.group.owner.getSimpleName() + "/" + p.name + " permission");
        }
    }

    public final boolean hasPermission(@NonNull Permission p) {
        Authentication now = Jenkins.getAuthentication2();
        return now.equals(SYSTEM2) || hasPermission2(now, p);
    }

    public boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission) {
        throw new AbstractMethodError();
    }

    @NonNull
    public static ACLContext as2(@NonNull Authentication auth) {
        return new ACLContext(StandIn.current().become(auth));
    }

    public static boolean isAnonymous2(@NonNull Authentication authentication) {
        return authentication.getName().equals("anonymous");
    }
}
