package io.jenkins.plugins.gitops.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * Whom a run acts as, for what Jenkins does in its name after it has ended.
 *
 * @param user id of the user whose permissions the run has, or null where it has those of Jenkins itself
 * @param starters ids of all who started the run, or a run before it that led to this one; empty where nobody did, or not
 *     all are known
 * @param run {@link Run#getExternalizableId} of the run, or null where it is not known
 */
public record RunIdentity(
        @CheckForNull String user,
        List<String> starters,
        @CheckForNull String run) {

    /** Of a run that nobody knows. */
    public static final RunIdentity UNKNOWN = new RunIdentity(null, List.of(), null);

    public RunIdentity {
        starters = List.copyOf(starters);
    }

    public static RunIdentity of(Run<?, ?> run, Authentication has, List<String> starters) {
        return new RunIdentity(has.equals(ACL.SYSTEM2) ? null : has.getName(), starters, run.getExternalizableId());
    }

    /** The run, while it is kept. */
    public Optional<Run<?, ?>> deploying() {
        return Optional.ofNullable(run).flatMap(RunIdentity::find);
    }

    /** Finds a run by its {@link Run#getExternalizableId}, also on a thread that has no permission to read the job. */
    @SuppressWarnings("try") // being closed is all that it is for
    public static Optional<Run<?, ?>> find(String id) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return Optional.ofNullable(Run.fromExternalizableId(id));
        }
    }

    /** With the permissions that they have at this moment. */
    public Authentication authentication() {
        return user == null ? ACL.SYSTEM2 : authentication(user);
    }

    private static Authentication authentication(String id) {
        User known = User.getById(id, false);
        try {
            return known == null ? Jenkins.ANONYMOUS2 : known.impersonate2();
        } catch (UsernameNotFoundException gone) {
            return Jenkins.ANONYMOUS2;
        }
    }

    /**
     * The job that this run may build. A run with the permissions of Jenkins itself may build what is in the folder of its
     * own job or below it, and what everybody who started it may build; of what lies in no folder, only what does so, too.
     *
     * @param name relative to the folder of {@code from}, or a full name
     * @param from the run's job
     * @return empty as well where there is one that the run may not see
     */
    @SuppressWarnings("try") // being closed is all that it is for
    public Optional<Job<?, ?>> buildable(String name, Job<?, ?> from) {
        try (ACLContext as = ACL.as2(authentication())) {
            Job<?, ?> job = Jenkins.get().getItem(name, from, Job.class);
            return Optional.<Job<?, ?>>ofNullable(job)
                    .filter(found -> user == null
                            ? isInFolderOf(from, found) || haveStartersBuild(found)
                            : found.hasPermission(Item.BUILD));
        } catch (AccessDeniedException hidden) {
            return Optional.empty();
        }
    }

    private static boolean isInFolderOf(Job<?, ?> from, Job<?, ?> job) {
        String folder = from.getParent().getFullName();
        return folder.isEmpty()
                ? job.getParent().getFullName().isEmpty()
                : job.getFullName().startsWith(folder + "/");
    }

    private boolean haveStartersBuild(Job<?, ?> job) {
        return !starters.isEmpty()
                && starters.stream().allMatch(id -> job.hasPermission2(authentication(id), Item.BUILD));
    }
}
