package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.approval.ApprovalStep;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.core.Authentication;

/** What the forms of steps say as one types: what the step itself would say when it runs, and no less. */
class StepFieldsTest {

    private static final Authentication DEVELOPER = StandIn.user("developer", List.of());
    private static final Authentication READER = StandIn.user("reader", List.of());
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final BumpImageStep.DescriptorImpl bump = new BumpImageStep.DescriptorImpl();
    private final AwaitSyncStep.DescriptorImpl await = new AwaitSyncStep.DescriptorImpl();
    private final RollbackStep.DescriptorImpl rollback = new RollbackStep.DescriptorImpl();
    private final ApprovalStep.DescriptorImpl approval = new ApprovalStep.DescriptorImpl();
    private Authentication before;

    @BeforeEach
    void become() {
        before = new StandIn()
                .install()
                .withAccess((who, permission, where) -> who.equals(DEVELOPER) && permission.equals(Jenkins.ADMINISTER))
                .become(DEVELOPER);
    }

    @AfterEach
    void comeBack() {
        StandIn.current().become(before);
    }

    @ParameterizedTest
    @CsvSource({
        "1.4.2, OK",
        "sha256:0000000000000000000000000000000000000000000000000000000000000000, OK",
        "'', OK",
        "latest, ERROR",
        "a tag, ERROR"
    })
    void aTagIsCheckedAsItIsTyped(String tag, Kind expected) {
        assertThat(bump.doCheckTag(null, tag).kind).isEqualTo(expected);
        assertThat(bump.doCheckImages(null, tag.isEmpty() ? "" : "api=1.4.2\nworker=" + tag, "", "").kind)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "api=", "=1.4.2"})
    void anImageNeedsItsNameAndItsVersion(String line) {
        assertThat(bump.doCheckImages(null, line, "", "").getMessage())
                .endsWith("is not an image with its version; write for example api=1.4.2.");
        assertThat(await.doCheckImages(null, line).kind).isEqualTo(Kind.ERROR);
    }

    @Test
    void whatMustBeLiveIsAWholeReference() {
        assertThat(await.doCheckImages(null, "api=ghcr.io/acme/shop-api:1.4.2").kind)
                .isEqualTo(Kind.OK);
        assertThat(await.doCheckImages(null, "api=Shop/API:1.4.2").kind).isEqualTo(Kind.ERROR);
    }

    @Test
    void whatAStepCannotDoWithoutIsRequired() {
        assertThat(rollback.doCheckApplication(null, " ", "").kind).isEqualTo(Kind.ERROR);
        assertThat(rollback.doCheckEnvironments(null, "", "", "").kind).isEqualTo(Kind.ERROR);
        assertThat(bump.doCheckEnvironments(null, "", "shop", "").kind).isEqualTo(Kind.ERROR);
        assertThat(await.doCheckEnvironments(null, " ", "shop", "").kind).isEqualTo(Kind.ERROR);
        assertThat(approval.doCheckMessage(null, "").kind).isEqualTo(Kind.ERROR);
        assertThat(approval.doCheckRequired(null, "0").kind).isEqualTo(Kind.ERROR);
        assertThat(approval.doCheckRequired(null, "2").kind).isEqualTo(Kind.OK);
    }

    @Test
    void whatMayStandInForAnApplicationIsNamed() {
        FormValidation empty = bump.doCheckApplication(null, "", "");

        assertThat(empty.kind).as("no fault").isEqualTo(Kind.OK);
        assertThat(empty.getMessage()).contains("set a file");
        assertThat(await.doCheckApplication(null, "", "").getMessage()).contains("name Argo CD Applications");
        assertThat(bump.doCheckEnvironments(null, "", "", "").kind)
                .as("a file has none")
                .isEqualTo(Kind.OK);
    }

    @Test
    void aCommitAndASelectorAreRead() {
        assertThat(await.doCheckCommit(null, COMMIT).kind).isEqualTo(Kind.OK);
        assertThat(await.doCheckCommit(null, "0123456").kind).isEqualTo(Kind.ERROR);
        assertThat(await.doCheckSelector(null, "team=shop,stage=dev").kind).isEqualTo(Kind.OK);
        assertThat(await.doCheckSelector(null, "team!=shop").kind).isEqualTo(Kind.ERROR);
    }

    @Test
    void whoMayNotConfigureLearnsNothing() {
        StandIn.current().become(READER);

        assertThat(List.of(
                        bump.doCheckTag(null, "latest"),
                        bump.doCheckImages(null, "api", "", ""),
                        bump.doCheckApplication(null, "", ""),
                        await.doCheckCommit(null, "x"),
                        await.doCheckSelector(null, "x"),
                        await.doCheckImages(null, "x"),
                        rollback.doCheckEnvironments(null, "", "", ""),
                        approval.doCheckRequired(null, "0")))
                .allSatisfy(answer -> {
                    assertThat(answer.kind).isEqualTo(Kind.OK);
                    assertThat(answer.getMessage())
                            .isEqualTo(FormValidation.ok().getMessage());
                });
    }
}
