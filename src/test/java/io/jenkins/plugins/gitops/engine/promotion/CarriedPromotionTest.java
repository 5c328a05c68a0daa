package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Values and files that move with the images. */
class CarriedPromotionTest {

    private static final int EXECUTABLE = 0100755;

    private final CarriedShop shop = new CarriedShop();

    @Test
    void valuesAndFilesAreThoseOfTheCommitThatIsLive() {
        byte[] picture = {0, 1, 2, (byte) 0xFF};
        shop.repository.push(
                "main",
                "Configure dev",
                new TreeMap<>(Map.of(
                        "envs/dev/values.yaml",
                        CarriedShop.bytes(CarriedShop.VALUES
                                .formatted("dev")
                                .replace("cpu: 1", "cpu: 2")
                                .replace("false", "true")),
                        "envs/dev/dashboards/a/load.png",
                        picture,
                        "envs/dev/dashboards/run.sh",
                        CarriedShop.bytes("#!/bin/sh\n"),
                        "envs/dev/config/shop.properties",
                        CarriedShop.bytes("a=1\n"),
                        "envs/dev/config/other.properties",
                        CarriedShop.bytes("b=1\n"))),
                Map.of("envs/dev/dashboards/run.sh", EXECUTABLE));
        String live = shop.bump("dev", "2.0");
        shop.repository.push("main", "Later", Map.of("envs/dev/config/shop.properties", "a=2\n"));
        shop.verified(live);

        GateSubject.Promotion plan = shop.plan(live);
        String commit = shop.commit(plan);

        assertThat(shop.text("envs/prod/values.yaml"))
                .isEqualTo(CarriedShop.VALUES
                        .formatted("prod")
                        .replace("1.0", "2.0")
                        .replace("cpu: 1", "cpu: 2")
                        .replace("false", "true"));
        assertThat(shop.repository.modes("main").keySet().stream().filter(path -> path.startsWith("envs/prod/")))
                .containsExactly(
                        "envs/prod/config/shop.properties",
                        "envs/prod/dashboards/a/load.png",
                        "envs/prod/dashboards/run.sh",
                        "envs/prod/values.yaml");
        assertThat(shop.repository.modes("main")).containsEntry("envs/prod/dashboards/run.sh", EXECUTABLE);
        assertThat(shop.text("envs/prod/config/shop.properties")).isEqualTo("a=1\n");
        assertThat(shop.repository.tip("main", Progress.SILENT).file("envs/prod/dashboards/a/load.png"))
                .contains(picture);
        String digest = plan.release().get(Carries.NAME).toString();
        assertThat(digest).matches("sha256:[0-9a-f]{64}");
        assertThat(new Trailers(shop.last().trailers()).values(Trailers.VERSION))
                .containsExactly("carried=" + digest);
        assertThat(shop.last().message())
                .isEqualTo("shop: promote api to 2.0, carried to " + digest.substring(0, 19) + " from dev to prod");
        assertThat(shop.ledger().current("shop", "prod").map(Deployment::commit))
                .contains(commit);
    }

    @Test
    void theGateShowsEveryLine() {
        shop.repository.push("main", "Configure dev", Map.of("envs/dev/dashboards/new.json", "{\n}\n"));
        String live = shop.bump("dev", "2.0");
        shop.verified(live);

        GateSubject.Promotion plan = shop.plan(live);

        assertThat(plan.files())
                .containsExactlyInAnyOrder(
                        new FileChange(
                                "envs/prod/dashboards/new.json",
                                List.of(
                                        new FileChange.Line(FileChange.Kind.ADDED, 1, "{"),
                                        new FileChange.Line(FileChange.Kind.ADDED, 2, "}"))),
                        new FileChange(
                                "envs/prod/dashboards/old.json",
                                List.of(new FileChange.Line(FileChange.Kind.REMOVED, 1, "{}"))),
                        new FileChange(
                                "envs/prod/values.yaml",
                                List.of(
                                        new FileChange.Line(
                                                FileChange.Kind.REMOVED,
                                                4,
                                                "  image: { repository: ghcr.io/acme/api, tag: \"1.0\" }"),
                                        new FileChange.Line(
                                                FileChange.Kind.ADDED,
                                                4,
                                                "  image: { repository: ghcr.io/acme/api, tag: \"2.0\" }"))));
        assertThat(plan.changeAuthors()).contains("A person <person@example.org>");
    }

    @Test
    void aChangeOfValuesAloneIsAReleaseOfItsOwn() {
        String first = shop.bump("dev", "2.0");
        shop.verified(first);
        shop.commit(shop.plan(first));
        assertThat(shop.plan(first).files()).isEmpty();
        assertThat(new TreeMap<>(promotedTwice(first)))
                .isEqualTo(new TreeMap<>(shop.plan(first).release()));

        String changed = shop.repository.push(
                "main",
                "Search",
                Map.of("envs/dev/values.yaml", shop.text("envs/dev/values.yaml").replace("false", "true")));

        assertThatThrownBy(() -> shop.plan(changed)).hasMessageContaining("The release in shop/dev is not verified");
        String bumped = shop.bump("dev", "2.1");
        shop.verified(bumped);
        GateSubject.Promotion plan = shop.plan(bumped);
        assertThat(plan.changes().stream().filter(ImageChange::isChange).map(ImageChange::image))
                .containsExactly("api", Carries.NAME);
        shop.commit(plan);
        assertThat(shop.text("envs/prod/values.yaml")).contains("search: true", "replicas: 3", "host: prod.example");
    }

    private Map<String, Version> promotedTwice(String live) {
        GateSubject.Promotion again = shop.plan(live);
        int before = shop.repository.log("main").size();
        shop.commit(again);
        assertThat(shop.repository.log("main")).hasSize(before);
        return again.release();
    }

    @Test
    void aRollbackReturnsValuesAndFiles() {
        String first = shop.bump("dev", "2.0");
        shop.verified(first);
        String good = shop.commit(shop.plan(first));
        new DeploymentNotes(shop.repository, Shop.JENKINS)
                .outcome("shop", "prod", good, Outcome.HEALTHY, shop.now, Progress.SILENT);
        Map<String, String> before = shop.files("envs/prod/");
        shop.repository.push(
                "main",
                "Configure dev",
                Map.of(
                        "envs/dev/values.yaml",
                        shop.text("envs/dev/values.yaml").replace("search: false", "search: true\n  more: [1]"),
                        "envs/dev/dashboards/new.json",
                        "{}\n"));
        shop.now = shop.now.plusSeconds(60);
        String second = shop.bump("dev", "2.1");
        shop.verified(second);
        shop.commit(shop.plan(second));
        assertThat(shop.files("envs/prod/")).hasSizeGreaterThan(before.size());
        Map<String, Version> bad =
                shop.ledger().current("shop", "prod").orElseThrow().images();

        shop.rollBack();

        assertThat(shop.files("envs/prod/")).isEqualTo(before);
        assertThat(shop.ledger().hold("shop", "prod", bad)).isPresent();
        Map<String, Version> mended = new TreeMap<>(bad);
        mended.put(Carries.NAME, new NamedVersion("sha256:" + "0".repeat(64)));
        assertThat(shop.ledger().hold("shop", "prod", mended)).isEmpty();
        mended.remove(Carries.NAME);
        assertThat(shop.ledger().hold("shop", "prod", mended)).isPresent();
    }

    @Test
    void valuesAloneArePromotedAndComeBack() {
        String unverified = shop.repository.push(
                "main",
                "Without checks",
                Map.of("gitops.yaml", CarriedShop.DECLARATION.replaceFirst("(?m)^ +verify.*\n", "")));
        String good = shop.commit(shop.plan(unverified));
        new DeploymentNotes(shop.repository, Shop.JENKINS)
                .outcome("shop", "prod", good, Outcome.HEALTHY, shop.now, Progress.SILENT);
        Map<String, String> before = shop.files("envs/prod/");
        String changed = shop.repository.push(
                "main",
                "Search",
                Map.of("envs/dev/values.yaml", shop.text("envs/dev/values.yaml").replace("false", "true")));
        GateSubject.Promotion plan = shop.plan(changed);
        assertThat(plan.changes().stream().filter(ImageChange::isChange).map(ImageChange::image))
                .containsExactly(Carries.NAME);
        shop.commit(plan);
        assertThat(shop.text("envs/prod/values.yaml")).contains("search: true");

        shop.rollBack();

        assertThat(shop.files("envs/prod/")).isEqualTo(before);
    }

    @Test
    void aTargetThatMovedMeanwhileIsNotOverwritten() {
        String live = shop.bump("dev", "2.0");
        shop.verified(live);
        GateSubject.Promotion plan = shop.plan(live);
        shop.repository.push("main", "By hand", Map.of("envs/prod/dashboards/old.json", "{ }\n"));

        assertThatThrownBy(() -> shop.commit(plan)).hasMessageContaining("shop/prod has changed since the promotion");
    }

    @Test
    void whatIsCarriedIsNotDeclaredAnewInBetween() {
        String live = shop.bump("dev", "2.0");
        shop.verified(live);
        GateSubject.Promotion plan = shop.plan(live);
        shop.repository.push(
                "main",
                "Carry less",
                Map.of("gitops.yaml", CarriedShop.DECLARATION.replace("[features, api]", "[api]")));

        assertThatThrownBy(() -> shop.commit(plan)).isInstanceOf(GitOpsException.class);
    }
}
