package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.config.ControllerProxy.AwsClients;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import io.jenkins.plugins.gitops.engine.registry.ecr.EcrConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryConnectorTest {

    private static final String ECR = "*.dkr.ecr.eu-central-1.amazonaws.com";

    private final RegistryConnector opening = new RegistryConnector(
            OciSettings.usual(HttpClients.DEFAULT), new AwsClients(Optional.empty()), (id, at) -> null);

    @Test
    void aHostIsReachedWithTls() {
        OciConnection connection = (OciConnection) opening.open(new ConfiguredRegistry(" GHCR.io "));

        assertThat(connection.covers("ghcr.io")).isTrue();
        assertThat(connection.covers("quay.io")).isFalse();
        assertThat(connection.base()).isEqualTo(URI.create("https://ghcr.io"));
    }

    @Test
    void dockerHubsApiHasAnotherHost() {
        OciConnection connection = (OciConnection) opening.open(new ConfiguredRegistry("docker.io"));

        assertThat(connection.base()).isEqualTo(URI.create("https://registry-1.docker.io"));
    }

    @Test
    void anAddressGoesBeforeTheHost() {
        ConfiguredRegistry mirrored = new ConfiguredRegistry("ghcr.io");
        mirrored.setUrl("http://mirror.example:5000");

        OciConnection connection = (OciConnection) opening.open(mirrored);

        assertThat(connection.covers("ghcr.io")).isTrue();
        assertThat(connection.base()).isEqualTo(URI.create("http://mirror.example:5000"));
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com, true",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com, false",
        "ghcr.io, false"
    })
    void aStarStandsForAnyAccountOfAmazonEcr(String host, boolean covered) {
        RegistryConnection connection = opening.open(new ConfiguredRegistry(ECR));

        assertThat(connection).isInstanceOf(EcrConnection.class);
        assertThat(connection.covers(host)).isEqualTo(covered);
    }

    @Test
    void aRoleIsAssumedByTheControllersOwnIdentityWhereNoCredentialsAreChosen() {
        ConfiguredRegistry registry = new ConfiguredRegistry(ECR);
        registry.setRole("arn:aws:iam::123456789012:role/reader");
        registry.setExternalId("shop-42");

        assertThat(((EcrConnection) opening.open(registry)).identity())
                .isEqualTo(new AwsIdentity.AssumedRole(
                        new AwsIdentity.DefaultChain(), "arn:aws:iam::123456789012:role/reader", "shop-42"));
    }

    @Test
    void theSameSettingsGiveEqualConnectionsSoThatRunsShareOne() {
        assertThat(opening.open(new ConfiguredRegistry(ECR))).isEqualTo(opening.open(new ConfiguredRegistry(ECR)));
        assertThat(opening.open(new ConfiguredRegistry("ghcr.io")))
                .isEqualTo(opening.open(new ConfiguredRegistry("ghcr.io")));
    }

    @Test
    void missingCredentialsAreOneSentence() {
        ConfiguredRegistry registry = new ConfiguredRegistry("ghcr.io");
        registry.setCredentialsId("ghcr-pull");

        assertThatThrownBy(() -> opening.open(registry))
                .isInstanceOf(CredentialsException.class)
                .hasMessage("There are no credentials 'ghcr-pull' for the container registry 'ghcr.io' that may be used"
                        + " here: add them under Credentials, or choose others.");
    }

    @Test
    void anInvalidAddressIsOneSentence() {
        ConfiguredRegistry registry = new ConfiguredRegistry("ghcr.io");
        registry.setUrl("ftp://ghcr.io");

        assertThatThrownBy(() -> opening.open(registry))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The container registry 'ghcr.io' has an invalid address: write https://host or"
                        + " https://host:port.");
    }

    @Test
    void otherHostsOfTokenServersAndACertificateAuthorityBelongToTheConnection() {
        ConfiguredRegistry registry = new ConfiguredRegistry("registry.acme.example");
        registry.setTokenHosts(" Auth.acme.example,\tauth.acme.example:8443 ");
        registry.setCertificateAuthority(" -----BEGIN CERTIFICATE-----\n");

        OciConnection connection = (OciConnection) opening.open(registry);

        assertThat(connection.tokenHosts()).containsExactlyInAnyOrder("auth.acme.example", "auth.acme.example:8443");
        assertThat(connection.certificateAuthority()).contains("-----BEGIN CERTIFICATE-----");
        assertThat(connection).isNotEqualTo(opening.open(new ConfiguredRegistry("registry.acme.example")));
    }
}
