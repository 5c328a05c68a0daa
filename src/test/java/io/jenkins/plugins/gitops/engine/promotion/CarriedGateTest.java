package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.CheckResult.State;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gate looks at what a release carries as it looks at its images. */
class CarriedGateTest {

    private static final Duration SOAK = Duration.ofMinutes(30);

    private final CarriedShop shop = new CarriedShop();
    private GateSubject.Promotion subject;
    private String live;

    @BeforeEach
    void promote() {
        live = shop.bump("dev", "2.0");
        shop.verified(live);
        subject = shop.plan(live);
    }

    @Test
    void aLaterCommitOfSomethingElseIsTheSameRelease() {
        live = shop.repository.push("main", "Something else", Map.of("README", "x"));

        assertThat(answer("source")).isEqualTo(CheckResult.passed("source", "live and healthy in shop/dev; verified"));
        assertThat(shop.plan(live).release()).isEqualTo(subject.release());
    }

    @Test
    void otherValuesAreAnotherRelease() {
        live = shop.repository.push(
                "main",
                "Search",
                Map.of("envs/dev/values.yaml", shop.text("envs/dev/values.yaml").replace("false", "true")));

        assertThat(answer("source").reason()).startsWith("was healthy in shop/dev, which now runs another release");
        assertThat(answer("soak").reason())
                .isEqualTo("shop/dev replaced the release before it had been healthy for 30 min");
    }

    @Test
    void valuesThatAreNotCarriedAreNot() {
        live = shop.repository.push(
                "main",
                "Scale",
                Map.of(
                        "envs/dev/values.yaml",
                        shop.text("envs/dev/values.yaml").replace("replicas: 3", "replicas: 4")));

        assertThat(answer("source").reason()).isEqualTo("live and healthy in shop/dev; verified");
        assertThat(answer("soak").state()).isEqualTo(State.PENDING);
    }

    @Test
    void aTargetWhoseFilesMovedIsAnotherOne() {
        assertThat(answer("target").state()).isEqualTo(State.PASSED);

        shop.repository.push("main", "By hand", Map.of("envs/prod/dashboards/more.json", "{}\n"));

        assertThat(answer("target").state()).isEqualTo(State.OBSOLETE);
    }

    private CheckResult answer(String id) {
        GateDefinition plain = new GateDefinition(List.of(), List.of());
        GateDefinition definition = new GateDefinition(
                plain.approvals(),
                plain.checklist(),
                plain.separationOfDuties(),
                SOAK,
                plain.freeze(),
                null,
                null,
                plain.newerRelease(),
                List.of(),
                plain.bump(),
                null,
                Map.of(),
                null,
                Map.of(),
                GateDefinition.ApprovedBy.GATE);
        Instant now = shop.now;
        GateCheck check = new GateRequirements(
                        shop.repository,
                        new ManifestFiles(),
                        target -> new Liveness.State.Healthy(live, now),
                        ReleaseVerification.NONE,
                        new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> now),
                        new GateReads(shop.ledgers, () -> now, Duration.ZERO, () -> now),
                        shop.stops)
                .of(definition, subject).stream()
                        .filter(one -> one.id().equals(id))
                        .findFirst()
                        .orElseThrow();
        Gate gate = Gate.of(List.of(new GateEvent.Opened(now, subject, definition, List.of(id))));
        return check.ask(gate, now).toCompletableFuture().join();
    }
}
