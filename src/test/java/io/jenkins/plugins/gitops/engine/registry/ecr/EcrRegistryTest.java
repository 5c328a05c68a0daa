package io.jenkins.plugins.gitops.engine.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.gitops.engine.aws.AwsException;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.FakeAws;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry.TagMutability;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** Against AWS's documented wire format: the answers are written as the ECR API reference has them. */
class EcrRegistryTest {

    private static final String HOST = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String ARM_DIGEST = "sha256:" + "b".repeat(64);
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    private static final ImageReference REFERENCE = ImageReference.parse(HOST + "/shop/api:1.4.0");
    private static final AwsIdentity JENKINS =
            identity(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDJENKINS", "secret")));

    private FakeAws aws;
    private ImageRegistry registry;

    @BeforeEach
    void start() throws IOException {
        aws = new FakeAws();
        registry = open(JENKINS);
    }

    @AfterEach
    void stop() {
        registry.close();
        aws.close();
    }

    @Test
    void aTagIsResolvedToDigestAndPushTimeWithOneRequest() {
        aws.answers("DescribeImages", described(MediaTypes.OCI_MANIFEST));

        ImageDetails image = registry.resolve(REFERENCE);

        assertThat(image)
                .isEqualTo(new ImageDetails(
                        new ImageName(HOST, "shop/api"),
                        DIGEST,
                        MediaTypes.OCI_MANIFEST,
                        Instant.parse("2026-08-01T11:00:00.500Z")));
        assertThat(aws.calls()).hasSize(1);
        assertThat(aws.calls().get(0).scope()).startsWith("AKIDJENKINS/").endsWith("/eu-central-1/ecr/aws4_request");
        assertThat(aws.calls().get(0).body())
                .isEqualTo("{\"registryId\":\"123456789012\",\"repositoryName\":\"shop/api\","
                        + "\"imageIds\":[{\"imageTag\":\"1.4.0\"}]}");
    }

    @Test
    void aDigestGoesBeforeItsTag() {
        aws.answers("DescribeImages", described(MediaTypes.OCI_MANIFEST));

        registry.resolve(REFERENCE.withDigest(DIGEST));

        assertThat(aws.calls().get(0).body()).contains("\"imageIds\":[{\"imageDigest\":\"" + DIGEST + "\"}]");
    }

    @Test
    void anotherDigestThanTheOneAskedForIsRefused() {
        aws.answers("DescribeImages", described(MediaTypes.OCI_MANIFEST));

        assertThatThrownBy(() -> registry.resolve(REFERENCE.withDigest(ARM_DIGEST)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(
                        "returned another image for '" + REFERENCE.withDigest(ARM_DIGEST) + "', " + DIGEST);
    }

    @Test
    void aMissingTagNamesTheNearestOfAllPages() {
        aws.fails("DescribeImages", 400, "ImageNotFoundException", "The image does not exist");
        aws.answers("ListImages", """
            {"imageIds":[{"imageDigest":"%s","imageTag":"1.4.1"}],"nextToken":"more"}\
            """.formatted(DIGEST));
        aws.answers("ListImages", """
            {"imageIds":[{"imageDigest":"%s","imageTag":"1.3.0"},{"imageDigest":"%s","imageTag":"nightly"}]}\
            """.formatted(DIGEST, ARM_DIGEST));

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no image '" + REFERENCE + "' in its registry: push it first, or give a tag that"
                        + " exists, such as 1.4.1, 1.3.0.");
        assertThat(aws.actions()).containsExactly("DescribeImages", "ListImages", "ListImages");
    }

    @Test
    void aMissingRepositoryIsToldFromAMissingTag() {
        aws.fails("DescribeImages", 400, "RepositoryNotFoundException", "The repository does not exist");

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(ImageMissingException.class)
                .hasMessageStartingWith("There is no repository '" + HOST + "/shop/api' in its registry");
    }

    @Test
    void aCallThatIsNotAllowedNamesIdentityPermissionAndRepository() {
        aws.fails("DescribeImages", 400, "AccessDeniedException", "not authorized");

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(RegistryException.class)
                .hasMessage("AWS does not allow AWS credentials 'jenkins' to call ecr:DescribeImages on 'shop/api' in '"
                        + HOST + "': grant it in the identity's policy, and in the repository's for another account.");
    }

    @Test
    void aMissingImageIsMissingEvenWhereTagsMayNotBeListed() {
        aws.fails("DescribeImages", 400, "ImageNotFoundException", "The image does not exist");
        aws.fails("ListImages", 400, "AccessDeniedException", "not authorized");

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(ImageMissingException.class)
                .hasMessageEndingWith("in its registry: push it first, or give a tag that exists.");
    }

    @Test
    void anAnswerThatIsNotAwssIsOneSentence() {
        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(RegistryException.class)
                .hasMessage("Registry '" + HOST + "' refuses ecr:DescribeImages on 'shop/api' (status 404): try again,"
                        + " or look it up in the AWS console.");
    }

    @Test
    void credentialsThatAwsDoesNotKnowAreOneSentence() {
        aws.fails("DescribeImages", 400, "UnrecognizedClientException", "The security token is invalid");

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(RegistryException.class)
                .hasMessage("AWS does not recognize the credentials of AWS credentials 'jenkins'"
                        + " (UnrecognizedClientException): renew them in Jenkins, or check the controller's clock.");
    }

    @Test
    void anIdentityWithoutCredentialsIsOneSentenceAndNoCall() {
        try (ImageRegistry without = open(identity(() -> {
            throw SdkClientException.create("Unable to load credentials");
        }))) {
            assertThatThrownBy(() -> without.resolve(REFERENCE))
                    .isInstanceOf(AwsException.class)
                    .hasMessageContaining("AWS gives no credentials for AWS credentials 'jenkins'");
        }
        assertThat(aws.calls()).isEmpty();
    }

    @Test
    void anEndpointThatIsDownIsOneSentence() {
        aws.close();

        assertThatThrownBy(() -> registry.resolve(REFERENCE))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("Registry '" + HOST + "' cannot be reached (")
                .hasMessageEndingWith("check the region in its name and the network between it and Jenkins.");
    }

    @Test
    void theRepositorysRuleForTagsIsRead() {
        aws.answers("DescribeRepositories", repository("IMMUTABLE"));
        aws.answers("DescribeRepositories", repository("MUTABLE"));
        aws.answers("DescribeRepositories", repository("IMMUTABLE_WITH_EXCLUSION"));
        aws.answers("DescribeRepositories", repository("SOMETHING_NEW"));
        ImageName name = ImageName.of(REFERENCE);

        assertThat(registry.mutability(name)).isEqualTo(TagMutability.IMMUTABLE);
        assertThat(registry.mutability(name)).isEqualTo(TagMutability.MUTABLE);
        assertThat(registry.mutability(name)).isEqualTo(TagMutability.PARTLY);
        assertThat(registry.mutability(name)).isEqualTo(TagMutability.UNKNOWN);
    }

    @Test
    void basicFindingsAreReadFromAllPagesWorstFirst() {
        aws.answers("DescribeImageScanFindings", """
            {"registryId":"123456789012","repositoryName":"shop/api","imageId":{"imageDigest":"%s"},
             "imageScanStatus":{"status":"COMPLETE","description":"The scan was completed successfully."},
             "imageScanFindings":{"imageScanCompletedAt":1785585600,
               "findingSeverityCounts":{"HIGH":1,"CRITICAL":1},
               "findings":[{"name":"CVE-2026-0002","severity":"HIGH","uri":"https://cve.example/2",
                 "attributes":[{"key":"package_name","value":"zlib"},{"key":"package_version","value":"1.2.11"}]}]},
             "nextToken":"more"}\
            """.formatted(DIGEST));
        aws.answers("DescribeImageScanFindings", """
            {"imageScanStatus":{"status":"COMPLETE"},
             "imageScanFindings":{"findingSeverityCounts":{"HIGH":1,"CRITICAL":1},
               "findings":[{"name":"CVE-2026-0001","severity":"CRITICAL"}]}}\
            """);

        ScanReport report = registry.scan(image(MediaTypes.OCI_MANIFEST));

        assertThat(report).isInstanceOfSatisfying(ScanReport.Finished.class, finished -> {
            assertThat(finished.counts()).isEqualTo(Map.of(Severity.CRITICAL, 1, Severity.HIGH, 1));
            assertThat(finished.findings())
                    .extracting(Object::toString)
                    .containsExactly("CVE-2026-0001 (critical)", "CVE-2026-0002 (high, zlib 1.2.11)");
        });
        assertThat(aws.calls()).hasSize(2);
        assertThat(aws.calls().get(1).body()).contains("\"nextToken\":\"more\"").contains("\"maxResults\":1000");
    }

    @Test
    void inspectorsFindingsAreReadWhileItsScanGoesOn() {
        aws.answers("DescribeImageScanFindings", """
            {"imageScanStatus":{"status":"ACTIVE","description":"Continuous scan is selected for image."},
             "imageScanFindings":{"findingSeverityCounts":{"UNTRIAGED":1,"MEDIUM":1},
              "enhancedFindings":[{"title":"CVE-2026-0003 - openssl","severity":"MEDIUM","status":"ACTIVE",
               "packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-0003","sourceUrl":"https://cve.example/3",
                "vulnerablePackages":[{"name":"openssl","version":"3.0.1"}]}}]}}\
            """);

        assertThat(registry.scan(image(MediaTypes.OCI_MANIFEST)))
                .isEqualTo(new ScanReport.Finished(
                        Map.of(Severity.MEDIUM, 1, Severity.UNDEFINED, 1),
                        List.of(new ScanReport.Finding(
                                "CVE-2026-0003", Severity.MEDIUM, "openssl 3.0.1", "https://cve.example/3"))));
    }

    @Test
    void anUnfinishedScanIsPending() {
        aws.answers("DescribeImageScanFindings", status("IN_PROGRESS", ""));
        aws.answers("DescribeImageScanFindings", status("PENDING", ""));
        aws.answers("DescribeImageScanFindings", status("ACTIVE", "without results yet"));

        for (String state : new String[] {"IN_PROGRESS", "PENDING", "ACTIVE"}) {
            assertThat(registry.scan(image(MediaTypes.OCI_MANIFEST))).isEqualTo(new ScanReport.Pending(state));
        }
    }

    @Test
    void aScanThatWillNeverSayAnythingIsUnavailable() {
        String[] states = {
            "FAILED",
            "UNSUPPORTED_IMAGE",
            "SCAN_ELIGIBILITY_EXPIRED",
            "FINDINGS_UNAVAILABLE",
            "LIMIT_EXCEEDED",
            "IMAGE_ARCHIVED",
            "SOMETHING_NEW"
        };
        for (String state : states) {
            aws.answers("DescribeImageScanFindings", status(state, "why"));
        }

        for (String state : states) {
            assertThat(registry.scan(image(MediaTypes.OCI_MANIFEST)))
                    .isEqualTo(new ScanReport.Unavailable(state + ": why"));
        }
    }

    @Test
    void aScanThatDoesNotExistIsComingSoonAfterThePushAndNotLater() {
        aws.fails("DescribeImageScanFindings", 400, "ScanNotFoundException", "Image scan does not exist");
        ImageDetails old =
                new ImageDetails(ImageName.of(REFERENCE), DIGEST, MediaTypes.OCI_MANIFEST, NOW.minusSeconds(121));
        ImageDetails fresh =
                new ImageDetails(ImageName.of(REFERENCE), DIGEST, MediaTypes.OCI_MANIFEST, NOW.minusSeconds(5));

        assertThat(registry.scan(old)).isEqualTo(new ScanReport.Unavailable("it was never scanned"));
        assertThat(registry.scan(fresh)).isEqualTo(new ScanReport.Pending("not started"));
    }

    @Test
    void anIndexIsAsBadAsTheWorstOfItsImages() {
        aws.answers("BatchGetImage", """
            {"images":[{"imageManifest":"{\\"manifests\\":[\
            {\\"digest\\":\\"%s\\",\\"platform\\":{\\"os\\":\\"linux\\",\\"architecture\\":\\"amd64\\"}},\
            {\\"digest\\":\\"%s\\",\\"platform\\":{\\"os\\":\\"linux\\",\\"architecture\\":\\"arm64\\"}},\
            {\\"digest\\":\\"sha256:0\\",\\"platform\\":{\\"os\\":\\"unknown\\",\\"architecture\\":\\"unknown\\"}}]}"}]}\
            """.formatted(DIGEST, ARM_DIGEST));
        aws.answers("DescribeImageScanFindings", complete("\"HIGH\":2,\"LOW\":1"));
        aws.answers("DescribeImageScanFindings", complete("\"HIGH\":1,\"CRITICAL\":1"));

        ScanReport report = registry.scan(image(MediaTypes.OCI_INDEX));

        assertThat(report)
                .isEqualTo(new ScanReport.Finished(
                        Map.of(Severity.CRITICAL, 1, Severity.HIGH, 2, Severity.LOW, 1), List.of()));
        assertThat(aws.calls().subList(1, 3))
                .extracting(
                        call -> call.body().contains(DIGEST),
                        call -> call.body().contains(ARM_DIGEST))
                .containsExactly(tuple(true, false), tuple(false, true));
    }

    private ImageRegistry open(AwsIdentity identity) {
        return new EcrConnection(
                        Glob.ofHosts("*.dkr.ecr.*.amazonaws.com"),
                        identity,
                        ApacheHttpClient::create,
                        new OciSettings(
                                HttpClients.DEFAULT,
                                Duration.ofSeconds(5),
                                InstantSource.fixed(NOW),
                                time -> {},
                                new Random(42)),
                        Optional.of(aws.endpoint()))
                .open(HOST);
    }

    private static AwsIdentity identity(AwsCredentialsProvider provider) {
        return new AwsIdentity.Supplied("jenkins", provider);
    }

    private static ImageDetails image(String mediaType) {
        return new ImageDetails(ImageName.of(REFERENCE), DIGEST, mediaType, null);
    }

    private static String described(String mediaType) {
        return """
            {"imageDetails":[{"registryId":"123456789012","repositoryName":"shop/api","imageDigest":"%s",
             "imageTags":["1.4.0"],"imageSizeInBytes":1024,"imagePushedAt":1785582000.5,
             "imageManifestMediaType":"%s"}]}\
            """.formatted(DIGEST, mediaType);
    }

    private static String repository(String mutability) {
        return """
            {"repositories":[{"repositoryName":"shop/api","imageTagMutability":"%s"}]}\
            """.formatted(mutability);
    }

    private static String status(String status, String description) {
        return """
            {"imageScanStatus":{"status":"%s","description":"%s"}}\
            """.formatted(status, description);
    }

    private static String complete(String counts) {
        return """
            {"imageScanStatus":{"status":"COMPLETE"},"imageScanFindings":{"findingSeverityCounts":{%s}}}\
            """.formatted(counts);
    }
}
