package io.jenkins.plugins.gitops.jenkins;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Who comes to the gate; everybody's password is their name. */
final class People {

    /** May approve, and is a release manager. */
    static final String APPROVER = "anna";

    /** May approve elsewhere: is no release manager. */
    static final String OUTSIDE_APPROVER = "otto";

    /** May look at jobs. */
    static final String READER = "rita";

    /** May start builds, and so promote and roll back on the job's page. */
    static final String BUILDER = "bela";

    /** May sign in, and see nothing. */
    static final String STRANGER = "sven";

    static final String ADMINISTRATOR = "adam";

    static final String ANONYMOUS = "";

    private People() {}

    static void letIn(@NonNull JenkinsRule jenkins) {
        JenkinsRule.DummySecurityRealm realm = jenkins.createDummySecurityRealm();
        realm.addGroups(APPROVER, "release-managers");
        jenkins.jenkins.setSecurityRealm(realm);
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to(APPROVER, OUTSIDE_APPROVER, READER, BUILDER, STRANGER)
                .grant(Item.READ)
                .everywhere()
                .to(APPROVER, OUTSIDE_APPROVER, READER, BUILDER)
                .grant(Item.BUILD)
                .everywhere()
                .to(BUILDER)
                .grant(GitOpsPermissions.APPROVE)
                .everywhere()
                .to(APPROVER, OUTSIDE_APPROVER)
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to(ADMINISTRATOR));
    }
}
