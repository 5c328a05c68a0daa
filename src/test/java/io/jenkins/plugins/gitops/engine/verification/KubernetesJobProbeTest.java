package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.KubernetesJob;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check {@code kubernetesJob} against fabric8's mock API server. */
@Timeout(120)
class KubernetesJobProbeTest {

    private static final String FILE = "envs/staging/verify/job.yaml";
    private static final String COMMIT = "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe";
    private static final String MANIFEST = """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: ignored
          namespace: shop
          labels: { team: shop }
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              containers:
                - { name: migrate, image: ghcr.io/acme/migrate:1 }
        """;

    private JobsCluster cluster;
    private String manifest = MANIFEST;
    private String namespace;
    private int attempt = 1;

    @BeforeEach
    void start() {
        cluster = new JobsCluster();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** What a controller keeps, also over a restart. */
    private class Kept implements KubernetesJobProbe.Access {

        private boolean created;

        @Override
        public Optional<byte[]> file(String path) {
            if (manifest.equals("unreachable")) {
                throw new RepositoryException("The Git server does not answer.", null);
            }
            return path.equals(FILE) && !manifest.isEmpty()
                    ? Optional.of(manifest.getBytes(StandardCharsets.UTF_8))
                    : Optional.empty();
        }

        @Override
        public KubernetesJobs cluster() {
            return cluster.open();
        }

        @Override
        public boolean wasCreated() {
            return created;
        }

        @Override
        public void created(String job) {
            created = true;
        }
    }

    private KubernetesJobProbe verify(KubernetesJobProbe.Access access) {
        KubernetesJob check = new KubernetesJob("Migrate.DB", FILE, null, namespace, Duration.ofMillis(10));
        return new KubernetesJobProbe(
                check,
                Verification.begin(
                        new Verification.Deployed(
                                "https://git.example.org/c.git", "shop", "staging", "main", COMMIT, Map.of()),
                        new VerificationDefinition(Duration.ofMinutes(15), List.of(check)),
                        attempt,
                        Instant.now()),
                access,
                Runnable::run);
    }

    private static Sample look(CheckProbe probe) {
        return probe.look().toCompletableFuture().join();
    }

    private static Sample missed(String text) {
        return new Sample(Sample.Kind.MISSED, text);
    }

    private static Sample impossible(String text) {
        return new Sample(Sample.Kind.IMPOSSIBLE, text);
    }

    private Job job() {
        assertThat(cluster.jobs()).hasSize(1);
        return cluster.jobs().get(0);
    }

    private void becomes(String type, String reason, String message) {
        cluster.become(job(), type, reason, message);
    }

    @Test
    void theJobIsCreatedOnceAndPassesWhenItCompletes() {
        Kept kept = new Kept();
        KubernetesJobProbe probe = verify(kept);

        assertThat(look(probe)).isEqualTo(missed(title() + " waits for its pod"));
        assertThat(look(probe)).isEqualTo(missed(title() + " waits for its pod"));
        assertThat(kept.created).isTrue();
        becomes("Complete", "", "");
        assertThat(look(probe)).isEqualTo(new Sample(Sample.Kind.GOOD, title() + " completed"));

        assertThat(cluster.creations()).isOne();
        probe.ended();
        await().until(() -> cluster.jobs().isEmpty());
    }

    private String title() {
        Job job = job();
        return "Job shop/" + job.getMetadata().getName();
    }

    @Test
    void theJobIsTheManifestsUnderANameThatSaysWhatItIs() {
        look(verify(new Kept()));

        Job job = job();
        assertThat(job.getMetadata().getName()).matches("verify-migrate-db-[0-9a-f]{16}");
        assertThat(job.getMetadata().getLabels())
                .containsEntry("team", "shop")
                .containsEntry("app.kubernetes.io/managed-by", "gitops-promotion")
                .containsKey("gitops-promotion.jenkins.io/verification");
        assertThat(job.getMetadata().getAnnotations())
                .containsEntry("gitops-promotion.jenkins.io/check", "Migrate.DB")
                .containsEntry("gitops-promotion.jenkins.io/target", "shop/staging")
                .containsEntry("gitops-promotion.jenkins.io/commit", COMMIT);
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
        assertThat(job.getSpec().getTemplate().getSpec().getContainers())
                .extracting(container -> container.getImage())
                .containsExactly("ghcr.io/acme/migrate:1");
    }

    @Test
    void aPodThatDoesNotStartIsWaitedFor() {
        KubernetesJobProbe probe = verify(new Kept());
        look(probe);
        cluster.update(new JobBuilder(job())
                .editOrNewStatus()
                .withActive(1)
                .withReady(0)
                .endStatus()
                .build());
        assertThat(look(probe)).isEqualTo(missed(title() + " waits for its pod"));

        cluster.update(
                new JobBuilder(job()).editOrNewStatus().withReady(1).endStatus().build());
        assertThat(look(probe)).isEqualTo(missed(title() + " is running"));
    }

    @Test
    void namesAreLabelsHoweverLongTheCheckIs() {
        assertThat(KubernetesJobProbe.name("_" + "x".repeat(62), "id", 12))
                .hasSizeLessThanOrEqualTo(63)
                .matches("verify-x+-[0-9a-f]{16}");
        assertThat(KubernetesJobProbe.name("a", "id", 1)).isNotEqualTo(KubernetesJobProbe.name("a", "id", 2));
    }

    @Test
    void aFailedJobSpeaksAgainstTheReleaseWithTheEndOfItsLog() {
        KubernetesJobProbe probe = verify(new Kept());
        look(probe);
        cluster.failedPod(job(), "older", "2026-03-02T12:00:00Z");
        cluster.failedPod(job(), "newer", "2026-03-02T12:05:00Z");
        cluster.logs(IntStream.rangeClosed(1, 30)
                .mapToObj(line -> "\u001b[31mline " + line + "\t<b>\n")
                .collect(Collectors.joining()));
        becomes("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");

        Sample failed = look(probe);

        assertThat(failed.kind()).isEqualTo(Sample.Kind.FAILED);
        assertThat(failed.text())
                .isEqualTo(title() + " failed: BackoffLimitExceeded: Job has reached the specified backoff limit");
        assertThat(failed.details()).hasSize(20).startsWith(" [31mline 11 <b>").endsWith(" [31mline 30 <b>");
    }

    @Test
    void aLogThatMayNotBeReadSaysWhichPermissionIsMissing() {
        KubernetesJobProbe probe = verify(new Kept());
        look(probe);
        cluster.failedPod(job(), "one", "2026-03-02T12:00:00Z");
        cluster.forbid("get pods/log");
        becomes("Failed", "DeadlineExceeded", "Job was active longer than specified deadline");

        assertThat(look(probe).details())
                .singleElement()
                .asString()
                .startsWith("Cannot read the log of Pod shop/one at ")
                .endsWith("allow the account of the connection's credentials to get pods/log in namespace shop, with a"
                        + " Role and a RoleBinding there");
    }

    @Test
    void aJobWithoutPodsSaysSo() {
        KubernetesJobProbe probe = verify(new Kept());
        look(probe);
        becomes("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");

        assertThat(look(probe).details()).containsExactly("No pod of the Job is left whose log could be read.");
    }

    @Test
    void twoControllersShareOneJob() {
        KubernetesJobProbe first = verify(new Kept());
        KubernetesJobProbe second = verify(new Kept());

        look(first);
        look(second);
        becomes("Complete", "", "");

        assertThat(look(first).kind()).isEqualTo(Sample.Kind.GOOD);
        assertThat(look(second).kind()).isEqualTo(Sample.Kind.GOOD);
        assertThat(cluster.creations()).isOne();
    }

    @Test
    void whoeverIsSecondJoinsEvenWhenBothFoundNone() {
        Kept late = new Kept() {
            @Override
            public KubernetesJobs cluster() {
                look(verify(new Kept()));
                return super.cluster();
            }
        };

        assertThat(look(verify(late))).isEqualTo(missed(title() + " waits for its pod"));
        assertThat(late.created).isTrue();
        assertThat(cluster.jobs()).hasSize(1);
    }

    @Test
    void itIsFoundAgainAfterACrashBeforeAnythingWasKept() {
        look(verify(new Kept()));

        assertThat(look(verify(new Kept()))).isEqualTo(missed(title() + " waits for its pod"));
        assertThat(cluster.creations()).isOne();
    }

    @Test
    void oneThatIsGoneIsNotCreatedAgain() {
        Kept kept = new Kept();
        look(verify(kept));
        String title = title();
        cluster.delete(job());

        assertThat(look(verify(kept)))
                .isEqualTo(impossible(
                        title + " was deleted before its result was seen, which says nothing about the release"));
        assertThat(cluster.creations()).isOne();
    }

    @Test
    void anotherAttemptIsAnotherJob() {
        look(verify(new Kept()));
        attempt = 2;
        look(verify(new Kept()));

        assertThat(cluster.jobs()).hasSize(2);
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsDeletedAndNotCreated() {
        KubernetesJobProbe running = verify(new Kept());
        look(running);
        running.ended();
        await().until(() -> cluster.jobs().isEmpty());
        assertThat(look(running)).isEqualTo(missed("no longer needed"));

        assertThat(cluster.creations()).isOne();
    }

    @Test
    void aJobOfSomebodyElseIsNotTaken() {
        look(verify(new Kept()));
        cluster.update(new JobBuilder(job())
                .editMetadata()
                .withLabels(Map.of())
                .endMetadata()
                .build());

        assertThat(look(verify(new Kept())))
                .isEqualTo(impossible(title() + " is there already, and not of this verification; delete it"));
    }

    @Test
    void aPermissionThatIsMissingIsNamed() {
        cluster.forbid("create jobs");

        Sample refused = look(verify(new Kept()));

        assertThat(refused.kind()).isEqualTo(Sample.Kind.IMPOSSIBLE);
        assertThat(refused.text())
                .startsWith("cannot create Job shop/verify-migrate-db-")
                .contains("(jobs is forbidden: User \"jenkins\" cannot create)")
                .endsWith(
                        "allow the account of the connection's credentials to create jobs.batch in namespace shop, with"
                                + " a Role and a RoleBinding there");
    }

    @Test
    void aPermissionThatIsTakenAwayIsWaitedFor() {
        KubernetesJobProbe probe = verify(new Kept());
        look(probe);
        cluster.forbid("get jobs");

        Sample refused = look(probe);

        assertThat(refused.kind()).isEqualTo(Sample.Kind.MISSED);
        assertThat(refused.text()).contains("to get jobs.batch in namespace shop");
    }

    @Test
    void anApiServerThatIsNotThereIsWaitedFor() {
        Kept unreachable = new Kept() {
            @Override
            public KubernetesJobs cluster() {
                return new KubernetesJobs(
                        new KubernetesAccess.Token("http://127.0.0.1:1", Optional.empty(), () -> "token")
                                .client(HttpClients.DEFAULT, KubernetesJobs.ANSWER));
            }
        };

        Sample missed = look(verify(unreachable));

        assertThat(missed.kind()).isEqualTo(Sample.Kind.MISSED);
        assertThat(missed.text())
                .startsWith("cannot read Job shop/verify-migrate-db-")
                .contains("at the Kubernetes API at http://127.0.0.1:1")
                .endsWith("check the address, and the network between it and Jenkins");
    }

    @Test
    void aRepositoryThatIsNotThereIsWaitedFor() {
        manifest = "unreachable";

        assertThat(look(verify(new Kept()))).isEqualTo(missed("The Git server does not answer"));
    }

    @Test
    void aManifestThatIsNoJobIsNamedAndNothingIsCreated() {
        manifest = MANIFEST.replace("kind: Job", "kind: Deployment");

        assertThat(look(verify(new Kept())))
                .isEqualTo(impossible(
                        FILE + ":1: 'kubernetesJob' takes a Job of batch/v1, and this is Deployment of batch/v1"));
        manifest = "";
        assertThat(look(verify(new Kept())))
                .isEqualTo(impossible(FILE + ":1: there is no such file in commit c0ffee1 of the config repository"));
        assertThat(cluster.creations()).isZero();
    }

    @Test
    void theJobRunsInTheNamespaceOfTheCheck() {
        namespace = "other";
        manifest = MANIFEST.replace("  namespace: shop\n", "");

        look(verify(new Kept()));

        assertThat(job().getMetadata().getNamespace()).isEqualTo("other");
    }
}
