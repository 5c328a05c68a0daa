package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import io.jenkins.plugins.gitops.engine.registry.ecr.EcrConnection;
import io.jenkins.plugins.gitops.engine.registry.ecr.EcrHost;
import io.jenkins.plugins.gitops.engine.registry.oci.OciConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import io.jenkins.plugins.gitops.engine.registry.oci.RegistryLogin;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.http.SdkHttpClient;

/** Turns a configured registry and its credentials into a connection. Opens nothing. */
final class RegistryConnector {

    private final OciSettings oci;
    private final Supplier<SdkHttpClient> aws;
    private final CredentialLookup lookup;

    /**
     * @param aws makes clients for AWS's API
     * @param lookup where the registry's credentials are looked for: where it is configured
     */
    RegistryConnector(OciSettings oci, Supplier<SdkHttpClient> aws, CredentialLookup lookup) {
        this.oci = oci;
        this.aws = aws;
        this.lookup = lookup;
    }

    /** Whether the host, which may have stars, is Amazon ECR's. */
    static boolean isEcr(String host) {
        String example = host.replaceFirst("^\\*", "000000000000").replace("*", "us-east-1");
        return EcrHost.parse(example).isPresent();
    }

    static List<DomainRequirement> requirements(String host) {
        return CredentialLookup.at("https://" + host);
    }

    /**
     * @throws CredentialsException if the credentials are missing or do not fit
     * @throws ConfigurationException if the address is invalid
     */
    RegistryConnection open(ConfiguredRegistry registry) {
        if (isEcr(registry.getHost())) {
            return new EcrConnection(
                    Glob.ofHosts(registry.getHost()),
                    identity(registry),
                    aws,
                    oci,
                    Optional.ofNullable(registry.getUrl()).map(url -> uri(registry, url)));
        }
        String url = registry.getUrl();
        try {
            return new OciConnection(
                    registry.getHost(),
                    url == null ? OciConnection.baseOf(registry.getHost()) : uri(registry, url),
                    login(registry),
                    tokenHosts(registry),
                    Optional.ofNullable(registry.getCertificateAuthority()),
                    oci);
        } catch (IllegalArgumentException e) {
            throw invalidAddress(registry);
        }
    }

    private static Set<String> tokenHosts(ConfiguredRegistry registry) {
        return Util.fixNull(registry.getTokenHosts())
                .toLowerCase(Locale.ROOT)
                .lines()
                .flatMap(line -> Stream.of(line.split("[\\s,]+")))
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toSet());
    }

    private static URI uri(ConfiguredRegistry registry, String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw invalidAddress(registry);
        }
    }

    private static ConfigurationException invalidAddress(ConfiguredRegistry registry) {
        return new ConfigurationException("The container registry '" + registry.getHost()
                + "' has an invalid address: write https://host or https://host:port.");
    }

    private Optional<RegistryLogin> login(ConfiguredRegistry registry) {
        StandardCredentials found = credentials(registry);
        if (found == null) {
            return Optional.empty();
        }
        if (found instanceof StandardUsernamePasswordCredentials user) {
            return Optional.of(
                    new RegistryLogin(user.getUsername(), user.getPassword().getPlainText()));
        }
        throw new CredentialsException("The credentials '" + registry.getCredentialsId()
                + "' cannot open the container registry '" + registry.getHost()
                + "': choose a username with a password or token.");
    }

    private AwsIdentity identity(ConfiguredRegistry registry) {
        AwsIdentity account = account(registry);
        String role = registry.getRole();
        return role == null ? account : new AwsIdentity.AssumedRole(account, role, registry.getExternalId());
    }

    private AwsIdentity account(ConfiguredRegistry registry) {
        String id = registry.getCredentialsId();
        if (id == null) {
            return new AwsIdentity.DefaultChain();
        }
        if (credentials(registry) instanceof AmazonWebServicesCredentials aws) {
            return new AwsIdentity.Supplied(id, aws);
        }
        throw new CredentialsException("The credentials '" + id + "' cannot open the container registry '"
                + registry.getHost()
                + "': choose AWS credentials, or none to use those of the controller's environment.");
    }

    @CheckForNull
    private StandardCredentials credentials(ConfiguredRegistry registry) {
        return lookup.require(
                registry.getCredentialsId(),
                requirements(registry.getHost()),
                "for the container registry '" + registry.getHost() + "'");
    }
}
