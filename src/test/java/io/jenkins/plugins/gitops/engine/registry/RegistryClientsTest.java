package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.FakeAws;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ecr.EcrConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** Counts the HTTP clients that are opened and closed. */
class RegistryClientsTest {

    private static final String FRANKFURT = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:1.4.0";
    private static final String DUBLIN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0";
    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDJENKINS", "secret"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T12:00:00Z"));
    private final List<CountedClient> clients = new ArrayList<>();
    private final Supplier<SdkHttpClient> http = () -> {
        CountedClient client = new CountedClient(ApacheHttpClient.create());
        clients.add(client);
        return client;
    };
    private final OciSettings settings = OciSettings.usual(HttpClients.DEFAULT);
    private FakeAws aws;
    private RegistryClients open;

    @BeforeEach
    void start() throws IOException {
        open = new RegistryClients(now::get);
        aws = new FakeAws().answers("DescribeImages", """
            {"imageDetails":[{"imageDigest":"sha256:%s","imageManifestMediaType":"%s","imagePushedAt":1785582000}]}\
            """.formatted("a".repeat(64), MediaTypes.OCI_MANIFEST));
    }

    @AfterEach
    void stop() {
        open.close();
        aws.close();
    }

    @Test
    void equalConnectionsShareAClientAndWhatItRemembers() {
        resolve(connection("deployer"), FRANKFURT);
        resolve(connection("deployer"), FRANKFURT);

        assertThat(clients).hasSize(1);
        assertThat(aws.calls()).hasSize(1);
    }

    @Test
    void anotherIdentityOrRegionSharesNothing() {
        resolve(connection("deployer"), FRANKFURT);
        resolve(connection("somebody-else"), FRANKFURT);
        resolve(connection("deployer"), DUBLIN);

        assertThat(clients).hasSize(3);
        assertThat(aws.calls()).hasSize(3);
    }

    @Test
    void everyClientIsClosedAtTheEnd() {
        resolve(connection("deployer"), FRANKFURT);
        resolve(connection("deployer"), DUBLIN);

        open.close();

        assertThat(clients).extracting(CountedClient::closed).containsExactly(true, true);
    }

    @Test
    void whatNobodyUsedForAnHourIsClosed() {
        resolve(connection("deployer"), FRANKFURT);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(61)));

        resolve(connection("deployer"), DUBLIN);

        assertThat(clients).extracting(CountedClient::closed).containsExactly(true, false);
    }

    @Test
    void aHostThatNoConnectionCoversHasNoRegistry() {
        ImageName elsewhere = ImageName.of(ImageReference.parse("ghcr.io/shop/api:1"));

        assertThat(open.find(List.of(connection("deployer")), elsewhere)).isEmpty();
        assertThat(clients).isEmpty();
    }

    private void resolve(RegistryConnection connection, String image) {
        ImageReference reference = ImageReference.parse(image);
        open.find(List.of(connection), ImageName.of(reference)).orElseThrow().resolve(reference);
    }

    private RegistryConnection connection(String name) {
        return new EcrConnection(
                Glob.ofHosts("*.dkr.ecr.*.amazonaws.com"),
                new AwsIdentity.Supplied(name, KEYS),
                http,
                settings,
                Optional.of(aws.endpoint()));
    }

    private static final class CountedClient implements SdkHttpClient {

        private final SdkHttpClient client;
        private boolean closed;

        private CountedClient(SdkHttpClient client) {
            this.client = client;
        }

        boolean closed() {
            return closed;
        }

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return client.prepareRequest(request);
        }

        @Override
        public void close() {
            closed = true;
            client.close();
        }
    }
}
