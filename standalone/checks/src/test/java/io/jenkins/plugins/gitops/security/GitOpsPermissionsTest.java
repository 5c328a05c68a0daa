package io.jenkins.plugins.gitops.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;

class GitOpsPermissionsTest {

    @Test
    void whoeverReadsAJobSeesItsDeployments() {
        assertThat(implies(Item.READ, GitOpsPermissions.VIEW)).isTrue();
    }

    @Test
    void nobodyApprovesOrOverridesForBuildingOrConfiguringTheJob() {
        assertThat(implies(Item.CONFIGURE, GitOpsPermissions.APPROVE)).isFalse();
        assertThat(implies(Item.BUILD, GitOpsPermissions.APPROVE)).isFalse();
        assertThat(implies(GitOpsPermissions.APPROVE, GitOpsPermissions.OVERRIDE))
                .isFalse();
        assertThat(implies(Jenkins.ADMINISTER, GitOpsPermissions.OVERRIDE)).isTrue();
    }

    @Test
    void whoeverPromotesMayRollBack() {
        assertThat(implies(GitOpsPermissions.PROMOTE, GitOpsPermissions.ROLLBACK))
                .isTrue();
    }

    private static boolean implies(Permission held, Permission wanted) {
        for (Permission permission = wanted; permission != null; permission = permission.impliedBy) {
            if (permission.equals(held)) {
                return true;
            }
        }
        return false;
    }
}
