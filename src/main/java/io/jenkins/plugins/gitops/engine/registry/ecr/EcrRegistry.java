package io.jenkins.plugins.gitops.engine.registry.ecr;

import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry.TagMutability;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import io.jenkins.plugins.gitops.engine.registry.oci.OciConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciRegistry;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import io.jenkins.plugins.gitops.engine.registry.oci.RegistryLogin;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.AuthorizationData;
import software.amazon.awssdk.services.ecr.model.EcrException;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.TagStatus;

/** A private registry of Amazon ECR. Holds one client for AWS until it is closed. */
final class EcrRegistry implements ImageRegistry {

    private static final Duration CALL = Duration.ofSeconds(30);
    private static final int MOST_TAGS = 20_000;
    private static final Duration RENEW_BEFORE = Duration.ofMinutes(10);
    private static final ImageName EVERY_REPOSITORY = new ImageName("", "*");

    private final EcrHost host;
    private final AwsSession session;
    private final EcrClient client;
    private final EcrCalls calls;
    private final EcrScan scan;
    private final OciRegistry oci;
    private final InstantSource clock;
    private RegistryLogin login;
    private Instant renewAt = Instant.MIN;

    EcrRegistry(EcrHost host, AwsSession session, OciSettings settings) {
        this.host = host;
        this.session = session;
        this.clock = settings.clock();
        client = EcrClient.builder()
                .httpClient(session.http())
                .region(session.region())
                .endpointOverride(session.endpoint().orElse(null))
                .credentialsProvider(session.provider())
                .overrideConfiguration(override -> override.apiCallTimeout(CALL))
                .build();
        calls = new EcrCalls(host, session);
        scan = new EcrScan(host, client, calls, clock);
        URI base = session.endpoint().orElse(URI.create("https://" + host.host()));
        oci = new OciRegistry(
                new OciConnection(host.host(), base, Optional.empty(), Set.of(), Optional.empty(), settings),
                () -> Optional.of(login()));
    }

    /**
     * The password for the OCI protocol: good for 12 hours, renewed before.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html">
     *     GetAuthorizationToken</a>
     */
    private synchronized RegistryLogin login() {
        if (!clock.instant().isBefore(renewAt)) {
            AuthorizationData data = calls.answer(
                    "ecr:GetAuthorizationToken",
                    EVERY_REPOSITORY,
                    () -> client.getAuthorizationToken().authorizationData().get(0));
            String pair = new String(Base64.getDecoder().decode(data.authorizationToken()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw new RegistryException("Amazon ECR returned an authorization token without a user and a password:"
                        + " try again, or check the endpoint of the connection.");
            }
            login = new RegistryLogin(pair.substring(0, colon), pair.substring(colon + 1));
            renewAt = data.expiresAt().minus(RENEW_BEFORE);
        }
        return login;
    }

    @Override
    public ImageDetails resolve(ImageReference reference) {
        ImageName name = ImageName.of(reference);
        ImageIdentifier wanted = reference.digest() == null
                ? ImageIdentifier.builder().imageTag(reference.tag()).build()
                : ImageIdentifier.builder().imageDigest(reference.digest()).build();
        ImageDetail found = calls.answer("ecr:DescribeImages", name, () -> describe(reference, name, wanted));
        String digest = found.imageDigest();
        if (reference.digest() != null && !reference.digest().equals(digest)) {
            throw new RegistryException("Registry '" + host + "' returned another image for '" + reference + "', "
                    + digest + ": do not use it until you know why.");
        }
        String type = found.imageManifestMediaType();
        if (type == null || !MediaTypes.isKnown(type)) {
            throw new RegistryException("Registry '" + host + "' returned " + type + " for '" + reference
                    + "', which is not an image manifest: push it in OCI or Docker schema 2 form.");
        }
        return new ImageDetails(name, digest, type, found.imagePushedAt());
    }

    private ImageDetail describe(ImageReference reference, ImageName name, ImageIdentifier wanted) {
        try {
            List<ImageDetail> found = client.describeImages(request -> request.registryId(host.account())
                            .repositoryName(name.path())
                            .imageIds(wanted))
                    .imageDetails();
            if (found.size() == 1) {
                return found.get(0);
            }
            throw ImageMissingException.image(reference, List.of());
        } catch (ImageNotFoundException e) {
            throw ImageMissingException.image(reference, reference.tag() == null ? List.of() : tags(name));
        } catch (RepositoryNotFoundException e) {
            throw ImageMissingException.repository(reference);
        }
    }

    /** For a suggestion only: an identity may lack ecr:ListImages, and the image is missing all the same. */
    private List<String> tags(ImageName name) {
        try {
            return allTags(name);
        } catch (EcrException e) {
            return List.of();
        }
    }

    private List<String> allTags(ImageName name) {
        return client
                .listImagesPaginator(request -> request.registryId(host.account())
                        .repositoryName(name.path())
                        .maxResults(1000)
                        .filter(filter -> filter.tagStatus(TagStatus.TAGGED)))
                .imageIds()
                .stream()
                .limit(MOST_TAGS)
                .map(ImageIdentifier::imageTag)
                .distinct()
                .toList();
    }

    @Override
    public ImageContents contents(ImageDetails image) {
        return oci.contents(image);
    }

    @Override
    public ScanReport scan(ImageDetails image) {
        return scan.of(image);
    }

    @Override
    public TagMutability mutability(ImageName repository) {
        return calls.answer(
                "ecr:DescribeRepositories",
                repository,
                () -> client
                        .describeRepositories(
                                request -> request.registryId(host.account()).repositoryNames(repository.path()))
                        .repositories()
                        .stream()
                        .findFirst()
                        .map(found -> switch (found.imageTagMutability()) {
                            case IMMUTABLE -> TagMutability.IMMUTABLE;
                            case MUTABLE -> TagMutability.MUTABLE;
                            case IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION -> TagMutability.PARTLY;
                            case UNKNOWN_TO_SDK_VERSION -> TagMutability.UNKNOWN;
                        })
                        .orElse(TagMutability.UNKNOWN));
    }

    @Override
    public void close() {
        oci.close();
        client.close();
        session.close();
    }
}
