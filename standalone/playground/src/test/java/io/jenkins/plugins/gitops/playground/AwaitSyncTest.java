package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gitopsAwaitSync} as a Pipeline sees it: what it logs, and how it ends. */
class AwaitSyncTest {

    private static final ApplicationName STAGING = new ApplicationName(Cluster.NAMESPACE, "shop-staging");

    @RegisterExtension
    private static final PlaygroundFixture playground = new PlaygroundFixture();

    @Test
    void waitsForTheCommitOfItsOwnRunInBothEnvironments() throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps(
                "gitopsBumpImage application: 'shop', environments: ['dev', 'staging'], images: [api: 'v7.0.0']\n"
                        + "gitopsAwaitSync application: 'shop', environments: ['dev', 'staging']");

        assertThat(ended.log()).contains("Live and healthy: shop/dev shop-dev: synced to your commit ");
        assertThat(ended.log()).contains("; shop/staging shop-staging: synced to your commit ");
        assertThat(ended.result()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void aFailedSyncFailsTheRunWithArgoCdsWords() throws Exception {
        SimulatedArgoCd simulation = playground.cluster();
        simulation.failSyncs(STAGING, "one or more objects failed to apply");
        try {
            PlaygroundFixture.Ended ended = playground.runSteps(
                    "gitopsBumpImage application: 'shop', environment: 'staging', images: [api: 'v8.0.0']\n"
                            + "gitopsAwaitSync application: 'shop', environment: 'staging'");

            assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
            assertThat(ended.log()).contains("  Last sync: Failed, one or more objects failed to apply");
            assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                    .singleElement()
                    .asString()
                    .startsWith("ERROR: Not live: shop/staging shop-staging: the sync to your commit ")
                    .endsWith(" ended Failed: one or more objects failed to apply.");
        } finally {
            simulation.heal(STAGING);
        }
    }

    @ParameterizedTest
    @CsvSource({"fail,FAILURE", "unstable,UNSTABLE", "continue,SUCCESS"})
    void whatTheEndOfTheTimeDoesIsChosen(String onTimeout, RunResult result) throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps("gitopsAwaitSync argoApplications: ['shop-dev'], commit: '"
                + "9".repeat(40) + "', timeout: '1s', onTimeout: '" + onTimeout + "'");

        assertThat(ended.log()).contains("Not live in time: shop-dev: ");
        assertThat(ended.result()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application: 'shop'|requires 'application' and 'environment'",
                "environment: 'dev'|requires 'application' and 'environment'",
                "application: 'shop', environment: 'dev', selector: 'a=b'|not both",
                "application: 'shop', environment: 'dev', commit: 'abc'|'abc' is not a full commit id",
                "application: 'shop', environment: 'dev', timeout: 'soon'|Invalid 'timeout': 'soon' is not a duration",
                "application: 'shop', environment: 'dev', onTimeout: 'explode'|Invalid 'onTimeout': 'explode' is not"
                        + " one of fail, unstable, continue",
                "application: 'shop', environment: 'dev', onFailure: 'undo'|Invalid 'onFailure': 'undo' is not one of"
                        + " fail, rollback",
                "argoApplications: ['shop-dev'], onFailure: 'rollback'|use 'application' and 'environment'",
                "application: 'shop', environment: 'dev', refresh: 'soft'|Invalid 'refresh': 'soft' is not one of"
                        + " normal, hard",
                "application: 'shpo', environment: 'dev'|did you mean 'shop'?",
                "argoApplications: ['shop-dev'], connection: 'nowhere'|nowhere",
                "argoApplications: ['nowhere'], appearWithin: '1s'|the Application does not exist; check its name",
                "selector: 'team=nobody', appearWithin: '1s'|no Application has these labels",
            })
    void aWrongArgumentIsExplainedInOneSentence(String arguments, String sentence) throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps("gitopsAwaitSync " + arguments);

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains(sentence);
        assertThat(ended.log()).doesNotContain("\tat ");
    }
}
