package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageChecks;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.OpenRegistries;
import io.jenkins.plugins.gitops.engine.registry.PolicyVerification;
import io.jenkins.plugins.gitops.engine.registry.Registries;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.SourceCommit;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Verifies releases with the registries and the policy that are configured. Keeps registries open between runs. */
final class ImageVerifications implements AutoCloseable {

    private final InstantSource clock;
    private final OpenRegistries open;
    private RegistryNetwork network;

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
        RegistryOpening opening = new RegistryOpening(network(), lookup);
        List<RegistryConnection> connections =
                registries.stream().map(opening::open).toList();
        ImagePolicy rules = policy.map(ConfiguredImagePolicy::read).orElse(ImagePolicy.DEFAULT);
        SourceCommit sourceCommit =
                policy.filter(ConfiguredImagePolicy::isSourceCommitFromImage).isPresent()
                        ? SourceCommit.FROM_IMAGE
                        : SourceCommit.AS_GIVEN;
        return new PolicyVerification(
                new ImageChecks(new Registries(connections, open), rules, clock), sourceCommit, clock.instant());
    }

    /** The same one until the controller's proxy changes, so that connections stay equal. */
    private synchronized RegistryNetwork network() {
        Optional<ControllerProxy> proxy = ControllerProxy.current();
        if (network == null || !network.proxy().equals(proxy)) {
            network = RegistryNetwork.through(proxy);
        }
        return network;
    }

    @Override
    public void close() {
        open.close();
    }
}
