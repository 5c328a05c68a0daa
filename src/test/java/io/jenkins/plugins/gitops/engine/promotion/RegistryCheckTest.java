package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.FakeAws;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.gate.Requirement;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.FindingLimits;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.PolicyVerification;
import io.jenkins.plugins.gitops.engine.registry.RegistryClients;
import io.jenkins.plugins.gitops.engine.registry.ScanPendingException;
import io.jenkins.plugins.gitops.engine.registry.ecr.EcrConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** A gate that asks Amazon ECR, on loopback, for an image and its scan. */
class RegistryCheckTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final ImageReference API =
            ImageReference.parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:1.4.0@" + DIGEST);
    private static final Instant PUSHED = Instant.parse("2026-08-01T11:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(PUSHED.plusSeconds(60));
    private final RegistryClients open = new RegistryClients(now::get);
    private FakeAws aws;
    private PolicyVerification verification;
    private Gate gate;

    @BeforeEach
    void openGate() throws IOException {
        aws = new FakeAws();
        EcrConnection connection = new EcrConnection(
                Glob.ofHosts("*.dkr.ecr.*.amazonaws.com"),
                new AwsIdentity.Supplied(
                        "jenkins", StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"))),
                ApacheHttpClient::create,
                OciSettings.usual(HttpClients.DEFAULT),
                Optional.of(aws.endpoint()));
        ImagePolicy policy = new ImagePolicy(
                Set.of(Rule.PIN_DIGEST),
                List.of(),
                List.of(),
                null,
                FindingLimits.parse("critical: 0", Duration.ofMinutes(15)));
        verification = new PolicyVerification(List.of(connection), open, policy, now::get);
        gate = Gate.of(List.of(new GateEvent.Opened(
                now.get(), subject(), Gates.definition(List.of()), List.of(GateRequirements.REGISTRY))));
    }

    @AfterEach
    void close() {
        open.close();
        aws.close();
    }

    @Test
    void anImageWhoseScanFoundNothingPasses() {
        exists();
        scan("COMPLETE", "\"LOW\":3", "");

        assertThat(answer()).isEqualTo(CheckResult.passed("registry", "Image " + API + " exists as " + DIGEST + "."));
    }

    @Test
    void anImageThatNoConnectionCoversPassesAndIsSaidToBeUnverified() {
        PolicyVerification unasked = new PolicyVerification(List.of(), open, ImagePolicy.DEFAULT, now::get);

        CheckResult answer = RegistryCheck.ask(gate, unasked, reads(Duration.ZERO), Map::of);

        assertThat(answer.state()).isEqualTo(CheckResult.State.PASSED);
        assertThat(answer.reason()).contains("is not verified: no registry connection covers 123456789012.dkr.ecr");
    }

    @Test
    void findingsPastTheLimitFailWithTheListBehindThem() {
        exists();
        scan(
                "COMPLETE",
                "\"CRITICAL\":1,\"HIGH\":1",
                "{\"name\":\"CVE-2026-0002\",\"severity\":\"HIGH\"},{\"name\":\"CVE-2026-0001\",\"severity\":\"CRITICAL\"}");

        assertThat(answer())
                .isEqualTo(CheckResult.failed(
                        "registry",
                        "Image '" + API + "' may not be released: it has 1 critical finding (CVE-2026-0001) and the"
                                + " limit is 0, so fix them or raise the limit.",
                        List.of("CVE-2026-0001 (critical)", "CVE-2026-0002 (high)")));
    }

    @Test
    void theListBehindTheReasonReachesThePage() {
        exists();
        scan("COMPLETE", "\"CRITICAL\":1", "{\"name\":\"CVE-2026-0001\",\"severity\":\"CRITICAL\"}");

        GateView view = GateView.of(gate, Map.of(GateRequirements.REGISTRY, answer()), now.get());

        assertThat(view.requirements())
                .filteredOn(requirement -> requirement.id().equals(GateRequirements.REGISTRY))
                .singleElement()
                .extracting(Requirement::details)
                .isEqualTo(List.of("CVE-2026-0001 (critical)"));
    }

    @Test
    void anUnfinishedScanIsWaitedForUntilItsLimit() {
        exists();
        scan("IN_PROGRESS", "", "");

        assertThat(answer().state()).isEqualTo(CheckResult.State.PENDING);
        pass(Duration.ofMinutes(15));
        assertThat(answer())
                .isEqualTo(CheckResult.pending(
                        "registry", "The scan of image '" + API + "' has not finished (IN_PROGRESS)", null));

        pass(Duration.ofSeconds(1));
        assertThat(answer())
                .isEqualTo(CheckResult.failed(
                        "registry",
                        "Image '" + API + "' may not be released: its scan has not finished within 15 min"
                                + " (IN_PROGRESS), so check the registry's scanner."));
    }

    @Test
    void aScanThatFinishesWhileTheGateWaitsIsSeen() {
        exists();
        scan("IN_PROGRESS", "", "");
        scan("COMPLETE", "\"LOW\":3", "");

        assertThat(answer().state()).isEqualTo(CheckResult.State.PENDING);
        assertThat(answer().state()).isEqualTo(CheckResult.State.PASSED);
    }

    @Test
    void anImageThatWasDeletedFails() {
        aws.fails("DescribeImages", 400, "ImageNotFoundException", "gone");

        assertThat(answer().state()).isEqualTo(CheckResult.State.FAILED);
        assertThat(answer().reason()).startsWith("There is no image '" + API + "'");
    }

    @Test
    void aChartOfTheReleaseHasToBeThereToo() {
        Map<String, VersionSource> sources = Map.of(
                "redis", new VersionSource(VersionSource.Kind.CHART, "oci://" + API.repository() + "-charts/redis"));
        gate = Gate.of(List.of(new GateEvent.Opened(
                now.get(),
                subject(Map.of("redis", new NamedVersion("19.1.0+7"))),
                Gates.definition(List.of()),
                List.of(GateRequirements.REGISTRY))));
        exists();
        aws.fails("DescribeImages", 400, "ImageNotFoundException", "gone");

        CheckResult there = RegistryCheck.ask(gate, verification, reads(Duration.ZERO), () -> sources);
        pass(Duration.ofHours(1));
        CheckResult gone = RegistryCheck.ask(gate, verification, reads(Duration.ZERO), () -> sources);

        assertThat(there)
                .isEqualTo(CheckResult.passed(
                        "registry", "Chart " + API.repository() + "-charts/redis:19.1.0_7 exists as " + DIGEST + "."));
        assertThat(gone.state()).isEqualTo(CheckResult.State.FAILED);
        assertThat(gone.reason()).startsWith("There is no chart '" + API.repository() + "-charts/redis:19.1.0_7'");
    }

    @Test
    void aRegistryThatIsDownIsAskedAgain() {
        aws.close();

        assertThat(answer().state()).isEqualTo(CheckResult.State.PENDING);
        assertThat(answer().reason()).contains("cannot be reached");
    }

    @Test
    void theRegistryIsAskedOncePerIntervalHoweverOftenItsGatesAsk() {
        exists();
        scan("IN_PROGRESS", "", "");
        scan("COMPLETE", "", "");
        GateReads reads = reads(Duration.ofSeconds(30));

        for (int gates = 0; gates < 500; gates++) {
            assertThat(RegistryCheck.ask(gate, verification, reads, Map::of).state())
                    .isEqualTo(CheckResult.State.PENDING);
        }
        assertThat(aws.actions()).containsExactly("DescribeImages", "DescribeImageScanFindings");

        pass(Duration.ofSeconds(30));
        assertThat(RegistryCheck.ask(gate, verification, reads, Map::of).state())
                .isEqualTo(CheckResult.State.PASSED);
    }

    @Test
    void withoutAGateAnUnfinishedScanStopsThePromotionAndBeforeAGateItDoesNot() {
        exists();
        scan("IN_PROGRESS", "", "");
        Release release = new Release(Map.of("api", API), null);

        assertThatThrownBy(() -> verification.verify(release, Progress.SILENT))
                .isInstanceOf(ScanPendingException.class)
                .hasMessageEndingWith("has not finished (IN_PROGRESS): wait for it, then run the step again.");
        assertThat(verification.beforeGate().verify(release, Progress.SILENT)).isEqualTo(release);
    }

    private CheckResult answer() {
        return RegistryCheck.ask(gate, verification, reads(Duration.ZERO), Map::of);
    }

    private GateReads reads(Duration interval) {
        return new GateReads(new Ledgers(), now::get, interval, () -> PUSHED);
    }

    private void exists() {
        aws.answers("DescribeImages", """
            {"imageDetails":[{"imageDigest":"%s","imageManifestMediaType":"%s","imagePushedAt":%d}]}\
            """.formatted(DIGEST, MediaTypes.OCI_MANIFEST, PUSHED.getEpochSecond()));
    }

    private void scan(String status, String counts, String findings) {
        aws.answers("DescribeImageScanFindings", """
            {"imageScanStatus":{"status":"%s"},
             "imageScanFindings":{"findingSeverityCounts":{%s},"findings":[%s]}}\
            """.formatted(status, counts, findings));
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static GateSubject.Promotion subject() {
        return subject(Map.of("api", API));
    }

    private static GateSubject.Promotion subject(Map<String, Version> release) {
        GateSubject.Promotion shop = Gates.subject("anna", "dora");
        return new GateSubject.Promotion(
                shop.gate(),
                shop.repository(),
                shop.defaultBranch(),
                shop.application(),
                shop.environment(),
                shop.branch(),
                release,
                shop.changes(),
                shop.files(),
                shop.sourceEnvironment(),
                shop.sourceCommit(),
                shop.commits(),
                shop.changeAuthors(),
                shop.startedBy(),
                shop.run());
    }
}
