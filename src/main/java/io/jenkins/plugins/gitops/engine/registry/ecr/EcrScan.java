package io.jenkins.plugins.gitops.engine.registry.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeImageScanFindingsResponse;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageScanStatus;
import software.amazon.awssdk.services.ecr.model.ScanNotFoundException;

/**
 * What ECR's scan of an image found, basic or enhanced. An index is not scanned by itself: its images are, and the worst
 * of them counts.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html">
 *     DescribeImageScanFindings</a>
 */
final class EcrScan {

    private static final String PERMISSION = "ecr:DescribeImageScanFindings";
    private static final int FINDINGS_PER_PAGE = 1000;
    private static final int MOST_PAGES = 20;

    private static final int MOST_NESTED = 3;
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A scan on push is believed to appear after the push, not with it. */
    private static final Duration SCAN_APPEARS = Duration.ofMinutes(2);

    private final EcrHost host;
    private final EcrClient client;
    private final EcrCalls calls;
    private final InstantSource clock;

    EcrScan(EcrHost host, EcrClient client, EcrCalls calls, InstantSource clock) {
        this.host = host;
        this.client = client;
        this.calls = calls;
        this.clock = clock;
    }

    ScanReport of(ImageDetails image) {
        if (!image.isIndex()) {
            return ofImage(image, image.digest());
        }
        List<String> digests = new ArrayList<>();
        collect(image, image.digest(), 0, digests);
        List<ScanReport.Finished> finished = new ArrayList<>();
        for (String digest : digests) {
            ScanReport report = ofImage(image, digest);
            if (!(report instanceof ScanReport.Finished done)) {
                return report;
            }
            finished.add(done);
        }
        return finished.isEmpty()
                ? new ScanReport.Unavailable("the index contains no runnable image")
                : Findings.worst(finished);
    }

    private ScanReport ofImage(ImageDetails image, String digest) {
        Optional<DescribeImageScanFindingsResponse> first = page(image, digest, null);
        if (first.isEmpty()) {
            return image.pushedAt()
                            .filter(pushed -> clock.instant().isBefore(pushed.plus(SCAN_APPEARS)))
                            .isPresent()
                    ? new ScanReport.Pending("not started")
                    : new ScanReport.Unavailable("it was never scanned");
        }
        ImageScanStatus status = first.get().imageScanStatus();
        boolean results = first.get().imageScanFindings() != null;
        return switch (status.status()) {
            case PENDING, IN_PROGRESS -> new ScanReport.Pending(status.statusAsString());
            // ACTIVE is the resting state of continuous scanning, with results once the first scan is done.
            case COMPLETE, ACTIVE ->
                results
                        ? Findings.read(pages(image, digest, first.get()))
                        : new ScanReport.Pending(status.statusAsString());
            case FAILED,
                    UNSUPPORTED_IMAGE,
                    SCAN_ELIGIBILITY_EXPIRED,
                    FINDINGS_UNAVAILABLE,
                    LIMIT_EXCEEDED,
                    IMAGE_ARCHIVED,
                    UNKNOWN_TO_SDK_VERSION ->
                new ScanReport.Unavailable(
                        status.statusAsString() + (status.description() == null ? "" : ": " + status.description()));
        };
    }

    private List<DescribeImageScanFindingsResponse> pages(
            ImageDetails image, String digest, DescribeImageScanFindingsResponse first) {
        List<DescribeImageScanFindingsResponse> pages = new ArrayList<>(List.of(first));
        String next = first.nextToken();
        while (next != null && pages.size() < MOST_PAGES) {
            Optional<DescribeImageScanFindingsResponse> page = page(image, digest, next);
            page.ifPresent(pages::add);
            next = page.map(DescribeImageScanFindingsResponse::nextToken).orElse(null);
        }
        return pages;
    }

    /** Empty if there was no scan. */
    private Optional<DescribeImageScanFindingsResponse> page(
            ImageDetails image, String digest, @CheckForNull String next) {
        return calls.answer(PERMISSION, image.name(), () -> {
            try {
                return Optional.of(client.describeImageScanFindings(request -> request.registryId(host.account())
                        .repositoryName(image.name().path())
                        .imageId(id -> id.imageDigest(digest))
                        .maxResults(FINDINGS_PER_PAGE)
                        .nextToken(next)));
            } catch (ScanNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** Digests of the images that run, also those of an index inside the index; attestations are for the platform unknown. */
    private void collect(ImageDetails image, String index, int depth, List<String> digests) {
        List<Image> found = calls.answer(
                "ecr:BatchGetImage",
                image.name(),
                () -> client.batchGetImage(request -> request.registryId(host.account())
                                .repositoryName(image.name().path())
                                .imageIds(ImageIdentifier.builder()
                                        .imageDigest(index)
                                        .build())
                                .acceptedMediaTypes(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST))
                        .images());
        for (Image manifest : found) {
            for (JsonNode entry : parsed(manifest.imageManifest()).path("manifests")) {
                String digest = entry.path("digest").asText();
                if ("unknown".equals(entry.path("platform").path("os").asText())) {
                    continue;
                }
                if (MediaTypes.isIndex(entry.path("mediaType").asText()) && depth < MOST_NESTED) {
                    collect(image, digest, depth + 1, digests);
                } else {
                    digests.add(digest);
                }
            }
        }
    }

    private JsonNode parsed(String manifest) {
        try {
            return MAPPER.readTree(manifest);
        } catch (JsonProcessingException e) {
            throw new RegistryException(
                    "Registry '" + host + "' returned an image index that is not JSON: push the image again.", e);
        }
    }
}
