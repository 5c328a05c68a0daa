package io.jenkins.plugins.gitops.engine.registry.ecr;

import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The way to private ECR registries, of any account and region the identity may read.
 *
 * @param hosts which ECR hosts it covers; what is no ECR host is never covered
 * @param aws makes an HTTP client for AWS's API; closed with the registry
 * @param settings for the OCI protocol
 * @param endpoint in place of AWS's own, for VPC endpoints and emulators
 */
public record EcrConnection(
        Glob hosts, AwsIdentity identity, Supplier<SdkHttpClient> aws, OciSettings settings, Optional<URI> endpoint)
        implements RegistryConnection {

    @Override
    public boolean covers(String host) {
        return hosts.matches(host) && EcrHost.parse(host).isPresent();
    }

    @Override
    public ImageRegistry open(String host) {
        EcrHost registry = EcrHost.parse(host).orElseThrow();
        AwsSession session = new AwsSession(identity, registry.region(), aws.get(), endpoint);
        return new EcrRegistry(registry, session, settings);
    }
}
