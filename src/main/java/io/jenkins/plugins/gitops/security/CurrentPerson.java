package io.jenkins.plugins.gitops.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.User;
import hudson.security.AccessControlled;
import hudson.security.SecurityRealm;
import hudson.tasks.Mailer;
import io.jenkins.plugins.gitops.engine.gate.Person;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Whoever sends this request, with the groups and permissions they have at this moment. */
public final class CurrentPerson {

    private CurrentPerson() {}

    /** @param place where the permissions are asked: a run or a job */
    public static Person at(AccessControlled place) {
        Authentication authentication = Jenkins.getAuthentication2();
        Set<String> groups = new HashSet<>();
        for (GrantedAuthority authority : authentication.getAuthorities()) {
            groups.add(authority.getAuthority());
        }
        Set<Person.Permission> permissions = EnumSet.noneOf(Person.Permission.class);
        if (place.hasPermission(GitOpsPermissions.APPROVE)) {
            permissions.add(Person.Permission.APPROVE);
        }
        if (place.hasPermission(GitOpsPermissions.OVERRIDE)) {
            permissions.add(Person.Permission.OVERRIDE);
        }
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        User user = User.current();
        return new Person(
                user == null ? authentication.getName() : user.getId(),
                user == null ? authentication.getName() : user.getFullName(),
                user == null ? null : mailAddress(user),
                groups,
                permissions,
                realm.getUserIdStrategy()::keyFor,
                realm.getGroupIdStrategy()::keyFor);
    }

    /**
     * What the user entered, or null. Nothing is sent there: commits name their authors by address, and separation of
     * duties must recognise an author who wants to approve. Core knows no addresses; the Mailer plugin does, and may not
     * be installed.
     */
    @CheckForNull
    private static String mailAddress(User user) {
        return Jenkins.get().getPlugin("mailer") == null ? null : FromMailer.of(user);
    }

    /** A class of its own, which is loaded only where there is a Mailer plugin. */
    private static final class FromMailer {

        @CheckForNull
        static String of(User user) {
            Mailer.UserProperty entered = user.getProperty(Mailer.UserProperty.class);
            return entered == null ? null : Util.fixEmptyAndTrim(entered.getAddress());
        }
    }
}
