package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Liveness.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ArgoCdLivenessTest {

    private static final String HERE = "a".repeat(40);
    private static final String THERE = "b".repeat(40);

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final List<String> opened = new ArrayList<>();
    private final SyncWaits waits = new SyncWaits(this::open, InstantSource.system(), new Random(7));

    private synchronized ScriptedArgoCd open(String connection) {
        opened.add(connection);
        if (connection.equals("gone")) {
            throw new ArgoCdException(Reason.REFUSED, "There is no connection 'gone': add it.", null);
        }
        return argoCd;
    }

    @AfterEach
    void stop() {
        waits.close();
    }

    @Test
    void aHealthyTargetRunsTheCommitOfItsApplication() {
        argoCd.put(Applications.live("shop-eu", HERE, 1));

        assertThat(observe("{ application: shop-eu }"))
                .isEqualTo(new State.Healthy(HERE, Instant.parse("2026-08-01T10:00:00Z")));
    }

    @Test
    void allApplicationsOfATargetMustRunTheSameCommit() {
        argoCd.put(Applications.live("shop-eu", HERE, 1));
        argoCd.put(Applications.live("shop-us", HERE, 1));
        assertThat(observe("[{ application: shop-eu }, { application: shop-us }]"))
                .isInstanceOf(State.Healthy.class);

        argoCd.put(Applications.live("shop-us", THERE, 1));

        assertThat(observe("[{ application: shop-eu }, { application: shop-us }]"))
                .isEqualTo(new State.NotHealthy("its Applications run different commits: aaaaaaa, bbbbbbb"));
    }

    @Test
    void whatIsWrongIsSaidOfEachApplication() {
        argoCd.put(Applications.degraded("shop-eu", HERE, 1));

        assertThat(observe("[{ application: shop-eu }, { application: shop-us }]"))
                .isEqualTo(new State.NotHealthy("Application shop-eu is Degraded; there is no Application shop-us"));
    }

    @Test
    void aTargetWithoutApplicationsIsWatchedByNobody() {
        assertThat(observe(null)).isEqualTo(new State.Unwatched());
        assertThat(opened).isEmpty();
    }

    @Test
    void whyArgoCdCannotBeAskedIsSaidInItsOwnSentence() {
        assertThatThrownBy(() -> observe("{ application: shop-eu, connection: gone }"))
                .isInstanceOf(ArgoCdException.class)
                .hasMessage("There is no connection 'gone': add it.");
    }

    @Test
    void theConnectionIsTheOneThatTheDeclarationNames() {
        observe("{ application: shop-eu }");
        observe("{ application: shop-eu, connection: west }");

        assertThat(opened).containsExactly("the only one", "west");
    }

    private State observe(String argocd) {
        String watched = argocd == null ? "" : "argocd: " + argocd;
        MemoryRepository repository = new MemoryRepository(InstantSource.system());
        repository.push("main", "Begin", Map.of("gitops.yaml", """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/shop-api }
                environments:
                  prod:
                    kustomization: prod/kustomization.yaml
                    %s
            """.formatted(watched)));
        Target target = Declarations.read(repository.tip("main", Progress.SILENT), "main")
                .target("shop", "prod");
        return new ArgoCdLiveness(
                        waits,
                        "https://git.example.com/acme/config.git",
                        connection -> connection == null ? "the only one" : connection)
                .observe(target);
    }
}
