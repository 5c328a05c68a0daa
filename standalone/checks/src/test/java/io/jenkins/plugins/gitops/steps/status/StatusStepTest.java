package io.jenkins.plugins.gitops.steps.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gitopsStatus} over a real Git server. */
class StatusStepTest {

    @TempDir
    private Path folder;

    private ShopController shop;
    private RecordedStepContext context;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        context = new RecordedStepContext(Pipelines.run("shop"));
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    @Test
    void oneEnvironmentIsReadAndPrintedInOneLine() throws Exception {
        String commit = shop.healthy("eu", "1.1.0");

        Map<?, ?> environments = read(step -> step.setEnvironment(" eu\n"));

        assertThat(environments.keySet().toArray()).containsExactly("eu");
        Map<?, ?> eu = (Map<?, ?>) environments.get("eu");
        assertThat(eu.get("images")).isEqualTo(Map.of("api", "ghcr.io/acme/shop-api:1.1.0"));
        assertThat(eu.get("commit")).isEqualTo(commit);
        assertThat(eu.get("outcome")).isEqualTo("healthy");
        assertThat(eu.get("holds")).isEqualTo(List.of());
        assertThat(context.log())
                .containsPattern("shop/eu: api 1\\.1\\.0, healthy since \\S+Z \\(commit " + commit.substring(0, 7)
                        + " of \\S+Z\\)\\.")
                .doesNotContain("shop/us", "shop/prod");
    }

    @Test
    void severalAreReadInTheOrderGivenAndWithoutANameAllAreRead() throws Exception {
        assertThat(read(step -> step.setEnvironments(List.of("us", "eu")))
                        .keySet()
                        .toArray())
                .containsExactly("us", "eu");

        context = new RecordedStepContext(Pipelines.run("shop"));
        assertThat(read(step -> {}).keySet().toArray()).containsExactlyInAnyOrder("eu", "us", "prod", "world", "live");
        assertThat(context.log()).contains("shop/eu: no deployment by this plugin yet.");
    }

    @Test
    void anEnvironmentThatIsNotDeclaredIsRefusedByName() {
        assertThatThrownBy(() -> read(step -> step.setEnvironment("euu")))
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("'euu'")
                .hasMessageContaining("eu");
    }

    private Map<?, ?> read(Consumer<StatusStep> given) throws Exception {
        StatusStep step = new StatusStep("shop");
        given.accept(step);
        step.start(context).start();
        Map<?, ?> result = (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("application")).isEqualTo("shop");
        return (Map<?, ?>) result.get("environments");
    }
}
