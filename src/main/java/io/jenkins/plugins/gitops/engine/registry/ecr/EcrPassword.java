package io.jenkins.plugins.gitops.engine.registry.ecr;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.oci.RegistryLogin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.AuthorizationData;

/**
 * ECR's password for the OCI protocol: good for 12 hours, renewed before. Safe for any thread.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html">
 *     GetAuthorizationToken</a>
 */
final class EcrPassword implements Supplier<RegistryLogin> {

    private static final Duration BEFORE = Duration.ofMinutes(10);
    private static final ImageName EVERY_REPOSITORY = new ImageName("", "*");

    private final EcrClient client;
    private final EcrCalls calls;
    private final InstantSource clock;
    private RegistryLogin current;
    private Instant renewAt = Instant.MIN;

    EcrPassword(@NonNull EcrClient client, @NonNull EcrCalls calls, @NonNull InstantSource clock) {
        this.client = client;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    @NonNull
    public synchronized RegistryLogin get() {
        if (!clock.instant().isBefore(renewAt)) {
            AuthorizationData data = calls.answer(
                    "ecr:GetAuthorizationToken",
                    EVERY_REPOSITORY,
                    () -> client.getAuthorizationToken().authorizationData().get(0));
            current = read(data.authorizationToken());
            renewAt = data.expiresAt().minus(BEFORE);
        }
        return current;
    }

    private static RegistryLogin read(String token) {
        String pair = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw new RegistryException("Amazon ECR returned an authorization token without a user and a password: try"
                    + " again, or check the endpoint of the connection.");
        }
        return new RegistryLogin(pair.substring(0, colon), pair.substring(colon + 1));
    }
}
