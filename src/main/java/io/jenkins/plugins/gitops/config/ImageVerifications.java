package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.OpenRegistries;
import io.jenkins.plugins.gitops.engine.registry.PolicyVerification;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Verifies releases with the registries and the policy that are configured. Keeps registries open between runs. */
final class ImageVerifications implements AutoCloseable {

    private final InstantSource clock;
    private final OpenRegistries open;
    /** The same for every run, so that connections are equal. */
    private final OciSettings oci = OciSettings.usual(ControllerProxy.CLIENTS);

    ImageVerifications(@NonNull InstantSource clock) {
        this.clock = clock;
        this.open = new OpenRegistries(clock);
    }

    /**
     * @param lookup of the place that configures the registries
     * @throws CredentialsException if a registry's credentials are missing or do not fit
     */
    @NonNull
    ReleaseVerification of(
            @NonNull List<ConfiguredRegistry> registries,
            @NonNull Optional<ConfiguredImagePolicy> policy,
            @NonNull CredentialLookup lookup) {
        if (registries.isEmpty() && policy.isEmpty()) {
            return ReleaseVerification.NONE;
        }
        RegistryOpening opening =
                new RegistryOpening(oci, new ControllerProxy.AwsClients(ControllerProxy.current()), lookup);
        List<RegistryConnection> connections =
                registries.stream().map(opening::open).toList();
        return new PolicyVerification(
                connections, open, policy.map(ConfiguredImagePolicy::read).orElse(ImagePolicy.DEFAULT), clock);
    }

    @Override
    public void close() {
        open.close();
    }
}
