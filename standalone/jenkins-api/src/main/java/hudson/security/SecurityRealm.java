package hudson.security;

import jenkins.model.IdStrategy;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

public abstract class SecurityRealm {

    public IdStrategy getUserIdStrategy() {
        return IdStrategy.CASE_INSENSITIVE;
    }

    public IdStrategy getGroupIdStrategy() {
        return getUserIdStrategy();
    }

    public GroupDetails loadGroupByGroupname2(String groupname, boolean fetchMembers) throws UsernameNotFoundException {
        throw new UserMayOrMayNotExistException2(groupname);
    }
}
