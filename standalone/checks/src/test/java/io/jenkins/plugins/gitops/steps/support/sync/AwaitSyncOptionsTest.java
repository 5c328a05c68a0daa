package io.jenkins.plugins.gitops.steps.support.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.config.ConfiguredDefaults;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwaitSyncOptionsTest {

    @TempDir
    private Path home;

    private RecordedStepContext context;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn().install().withRootDir(home.toFile());
        context = new RecordedStepContext(Pipelines.run("shop"));
    }

    @Test
    void aStepWaitsAQuarterOfAnHourWhereNobodySaysAnything() throws Exception {
        assertThat(AwaitSyncOptions.timeout(context, null)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void whatIsConfiguredHoldsWhereTheStepSaysNothing() throws Exception {
        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setSyncTimeoutMinutes(40);
        GitOpsConfiguration.get().setDefaults(defaults);

        assertThat(AwaitSyncOptions.timeout(context, null)).isEqualTo(Duration.ofMinutes(40));
        assertThat(AwaitSyncOptions.timeout(context, "90s")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aPodMayBeUnableToStartForTwoMinutesOrAsConfigured() throws Exception {
        assertThat(AwaitSyncOptions.unpullableGrace(context, null)).isEqualTo(Duration.ofMinutes(2));

        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setUnpullableGrace(" 5m ");
        GitOpsConfiguration.get().setDefaults(defaults);

        assertThat(AwaitSyncOptions.unpullableGrace(context, null)).isEqualTo(Duration.ofMinutes(5));
        assertThat(AwaitSyncOptions.unpullableGrace(context, "90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(AwaitSyncOptions.unpullableGrace(context, "0")).isZero();
        assertThatThrownBy(() -> AwaitSyncOptions.unpullableGrace(context, "soon"))
                .isInstanceOf(StepParameterException.class)
                .hasMessageContaining("Invalid 'unpullableGrace': ");
        assertThatThrownBy(() -> defaults.setUnpullableGrace("off")).isInstanceOf(GitOpsException.class);
    }

    @Test
    void aTextThatIsNoDurationIsRefused() {
        assertThatThrownBy(() -> AwaitSyncOptions.timeout(context, "soon")).isInstanceOf(StepParameterException.class);
    }
}
