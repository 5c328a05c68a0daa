package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gitopsPlan} over a real Git server. */
class PlanStepTest {

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

    private Map<?, ?> plan(PlanStep step) throws Exception {
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aPlanSaysWhatWouldChangeAndWhatItsGateWouldWaitForAndWritesNothing() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        String before = shop.tip();

        Map<?, ?> plan = plan(new PlanStep("shop", "live"));

        assertThat(plan.get("changed")).isEqualTo(true);
        assertThat(plan.get("from")).isEqualTo("prod");
        assertThat(plan.get("images")).isEqualTo(Map.of("api", "ghcr.io/acme/shop-api:1.1.0"));
        assertThat(plan.get("files")).isEqualTo(List.of("live/kustomization.yaml"));
        assertThat((String) plan.get("diff")).contains("-    newTag: 1.0.0\n+    newTag: 1.1.0\n");
        List<?> requirements = (List<?>) ((Map<?, ?>) plan.get("gate")).get("requirements");
        assertThat(requirements.get(0)).isEqualTo(Map.of("id", "approvals", "state", "pending", "reason", "0 of 1"));
        assertThat(requirements.stream().map(one -> String.valueOf(((Map<?, ?>) one).get("id"))))
                .contains("freeze", "source", "target", "hold", "lock", "turn");
        assertThat(context.log())
                .contains("To promote from prod:")
                .contains("Its gate would open. Requirements as they stand now:")
                .contains("  approvals (pending): 0 of 1")
                .contains("  source (met): live and healthy in shop/prod");
        assertThat(shop.tip()).isEqualTo(before);
        assertThat(GitOpsServices.get().gates().all()).isEmpty();
    }

    @Test
    void aVersionThatSomebodyNamesIsPlannedAsItIsPromoted() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.live(shop.healthy("prod", "1.2.0"));
        PlanStep older = new PlanStep("shop", "live");
        older.setImages(Map.of("api", "1.1.0"));

        assertThat(plan(older).get("images")).isEqualTo(Map.of("api", "ghcr.io/acme/shop-api:1.1.0"));

        PlanStep unknown = new PlanStep("shop", "live");
        unknown.setImages(Map.of("api", "9.9.9"));
        context = new RecordedStepContext(Pipelines.run("shop"));
        assertThatThrownBy(() -> plan(unknown)).hasMessageContaining("9.9.9");
    }

    @Test
    void inAFreezeItSaysWhenTheNextWindowOpens() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.pass(Duration.ofDays(2));

        Map<?, ?> plan = plan(new PlanStep("shop", "live"));

        List<?> requirements = (List<?>) ((Map<?, ?>) plan.get("gate")).get("requirements");
        assertThat(requirements)
                .anySatisfy(one -> assertThat(one.toString())
                        .startsWith("{id=freeze, state=pending, reason=frozen: audit, until="));
        assertThat(context.log()).containsPattern("  freeze \\(pending\\): frozen: audit, until \\S+T00:00:00Z");
    }

    @Test
    void whatCannotBePromotedIsRefusedAsAPromotionIs() {
        assertThatThrownBy(() -> plan(new PlanStep("shop", "live"))).cause().isExactlyInstanceOf(AbortException.class);
        PlanStep both = new PlanStep("shop", "live");
        both.setTag("1.1.0");
        both.setCommit("abc1234");
        assertThatThrownBy(() -> both.start(context))
                .hasMessageContaining("accepts one of 'images' with 'versions', 'tag' and 'commit'");
    }
}
