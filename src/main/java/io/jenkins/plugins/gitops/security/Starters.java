package io.jenkins.plugins.gitops.security;

import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.Permission;
import java.util.List;
import java.util.Objects;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Who started a run by hand, with the permissions they have at this moment. */
public final class Starters {

    private Starters() {}

    /** Their ids; empty for a run that a timer, a push or another run started. */
    public static List<String> of(Run<?, ?> run) {
        return run.getCauses().stream()
                .filter(Cause.UserIdCause.class::isInstance)
                .map(cause -> ((Cause.UserIdCause) cause).getUserId())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Whether somebody started the run by hand, and everybody who did has the permission on its job now. */
    public static boolean have(Permission permission, Run<?, ?> run) {
        List<String> starters = of(run);
        return !starters.isEmpty() && starters.stream().allMatch(id -> has(permission, id, run));
    }

    private static boolean has(Permission permission, String id, Run<?, ?> run) {
        User user = User.getById(id, false);
        try {
            return user != null && run.getParent().hasPermission2(user.impersonate2(), permission);
        } catch (UsernameNotFoundException gone) {
            return false;
        }
    }
}
