package io.jenkins.plugins.gitops.security;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Item;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;

/**
 * What a person may do with environments, granted on a job, a folder or Jenkins as a whole. Who may approve a gate is
 * decided by {@link #APPROVE} and by the gate's own list of approvers.
 */
public final class GitOpsPermissions {

    public static final PermissionGroup GROUP =
            new PermissionGroup(GitOpsPermissions.class, Messages._GitOpsPermissions_title());

    /** See deployments and gates. */
    public static final Permission VIEW =
            new Permission(GROUP, "View", Messages._GitOpsPermissions_view(), Item.READ, true, scopes());

    /** Start a promotion from a page. */
    public static final Permission PROMOTE =
            new Permission(GROUP, "Promote", Messages._GitOpsPermissions_promote(), Item.BUILD, true, scopes());

    /** Decide gates; nobody has it for building or configuring the job. */
    public static final Permission APPROVE =
            new Permission(GROUP, "Approve", Messages._GitOpsPermissions_approve(), Jenkins.ADMINISTER, true, scopes());

    /** Start a rollback from a page. */
    public static final Permission ROLLBACK =
            new Permission(GROUP, "Rollback", Messages._GitOpsPermissions_rollback(), PROMOTE, true, scopes());

    /** Open a gate against its rules, with a reason that shows forever. */
    public static final Permission OVERRIDE = new Permission(
            GROUP, "Override", Messages._GitOpsPermissions_override(), Jenkins.ADMINISTER, true, scopes());

    /** Lock environments from a page, and unlock them there or with a run that the person has started. */
    public static final Permission LOCK =
            new Permission(GROUP, "Lock", Messages._GitOpsPermissions_lock(), Jenkins.ADMINISTER, true, scopes());

    private GitOpsPermissions() {}

    /** Makes them known before authorization is read: a permission is registered when its class is initialized. */
    @Initializer(before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {}

    private static PermissionScope[] scopes() {
        return new PermissionScope[] {PermissionScope.JENKINS, PermissionScope.ITEM_GROUP, PermissionScope.ITEM};
    }
}
