package io.jenkins.plugins.gitops.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AccessControlled;
import hudson.security.SecurityRealm;
import hudson.security.UserMayOrMayNotExistException2;
import hudson.tasks.Mailer;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.gate.Person.Directory;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Whoever sends this request, with the groups and permissions they have at this moment. */
public final class CurrentPerson {

    private CurrentPerson() {}

    /** @param place where the permissions are asked: a run or a job */
    public static Person at(AccessControlled place) {
        Authentication authentication = Jenkins.getAuthentication2();
        Set<Person.Permission> permissions = EnumSet.noneOf(Person.Permission.class);
        if (place.hasPermission(GitOpsPermissions.APPROVE)) {
            permissions.add(Person.Permission.APPROVE);
        }
        if (place.hasPermission(GitOpsPermissions.OVERRIDE)) {
            permissions.add(Person.Permission.OVERRIDE);
        }
        Directory directory = new Realm(Jenkins.get().getSecurityRealm());
        User user = User.current();
        return user == null
                ? new Person(
                        authentication.getName(),
                        authentication.getName(),
                        null,
                        Set.of(),
                        permissions,
                        directory,
                        Optional.of("is not a user account: sign in with an account of your own"))
                : new Person(
                        user.getId(),
                        user.getFullName(),
                        mailAddress(user),
                        groups(authentication, user.getId()),
                        permissions,
                        directory,
                        barred(user));
    }

    /** A user who does not send this request, with the groups and permissions at this moment; empty where none is known. */
    @SuppressWarnings("try") // being closed is all that it is for
    public static Optional<Person> of(String id, AccessControlled place) {
        User known = User.getById(id, false);
        if (known == null) {
            return Optional.empty();
        }
        try (ACLContext as = ACL.as2(known.impersonate2())) {
            return Optional.of(at(place));
        } catch (AuthenticationException gone) {
            return Optional.empty();
        }
    }

    /** Without the user's own id, which some realms grant as an authority: it is no group. */
    private static Set<String> groups(Authentication authentication, String user) {
        Set<String> groups = new HashSet<>();
        for (GrantedAuthority authority : authentication.getAuthorities()) {
            if (authority.getAuthority() != null && !authority.getAuthority().equals(user)) {
                groups.add(authority.getAuthority());
            }
        }
        return groups;
    }

    /** Whether the account may still sign in, as the realm knows it now: a session outlives its account. */
    private static Optional<String> barred(User user) {
        try {
            UserDetails account = user.getUserDetailsForImpersonation2();
            return account.isEnabled() && account.isAccountNonLocked() && account.isAccountNonExpired()
                    ? Optional.empty()
                    : Optional.of("may no longer sign in, because the account is disabled");
        } catch (UsernameNotFoundException deleted) {
            return Optional.of("is no longer known to the security realm");
        } catch (AuthenticationException silent) {
            return Optional.of(
                    "cannot be looked up in the security realm now (" + silent.getMessage() + "); try again later");
        }
    }

    /** The rules of Jenkins' security realm. */
    private record Realm(SecurityRealm realm) implements Directory {

        @Override
        public String userKey(String id) {
            return realm.getUserIdStrategy().keyFor(id);
        }

        @Override
        public String groupKey(String group) {
            return realm.getGroupIdStrategy().keyFor(group);
        }

        @Override
        public boolean mayBeGroup(String name) {
            try {
                realm.loadGroupByGroupname2(name, false);
                return true;
            } catch (UserMayOrMayNotExistException2 unknown) {
                return true;
            } catch (UsernameNotFoundException none) {
                return false;
            } catch (AuthenticationException silent) {
                return true;
            }
        }
    }

    /**
     * What the user entered, or null. Nothing is sent there: commits name their authors by address, and separation of
     * duties must recognise an author who wants to approve. Core knows no addresses; the Mailer plugin does, and may not
     * be installed.
     */
    @CheckForNull
    public static String mailAddress(User user) {
        return Jenkins.get().getPlugin("mailer") == null ? null : FromMailer.of(user);
    }

    /** The ids of the users who entered this address. */
    public static List<String> withMailAddress(String address) {
        return User.getAll().stream()
                .filter(user -> address.equalsIgnoreCase(mailAddress(user)))
                .map(User::getId)
                .toList();
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
