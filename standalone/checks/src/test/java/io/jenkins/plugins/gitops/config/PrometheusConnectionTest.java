package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.verification.StandInPrometheus;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The form of a Prometheus connection, and what its button says. */
@Timeout(60)
class PrometheusConnectionTest {

    @TempDir
    private Path home;

    private StandInPrometheus prometheus;

    @BeforeEach
    void start() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withAccess((who, permission, where) -> true)
                .withExtension(new GitOpsServices())
                .withCredential(new Token("token"));
        prometheus = new StandInPrometheus();
    }

    @AfterEach
    void stop() throws Exception {
        prometheus.close();
        GitOpsServices.terminate();
    }

    @Test
    void theButtonCountsTargetsAndSendsTheToken() {
        prometheus.gives("count(up)", "12");
        PrometheusConnection connection = connection(prometheus.address().toString());
        connection.setCredentialsId("token");

        assertThat(said(connection)).isEqualTo("OK Connected. There are 12 targets.");
        assertThat(prometheus.authorization()).startsWith("Bearer ");
        prometheus.gives("count(up)", "1");
        assertThat(said(connection)).isEqualTo("OK Connected. There is 1 target.");
    }

    @Test
    void aServerWithoutDataIsNamed() {
        assertThat(said(connection(prometheus.address().toString())))
                .startsWith("WARNING Connected, but the metric up has no data");
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() {
        assertThat(said(connection("http://127.0.0.1:9")))
                .isEqualTo("ERROR Prometheus 'observability' does not respond at 127.0.0.1: connection refused.");
    }

    @Test
    void credentialsThatAreMissingAreNamed() {
        PrometheusConnection connection = connection(prometheus.address().toString());
        connection.setCredentialsId("gone");

        assertThat(said(connection))
                .startsWith("ERROR There are no credentials 'gone' for the Prometheus connection 'observability'");
    }

    @Test
    void whatIsNoAddressIsNamed() {
        assertThat(said(connection("prometheus")))
                .startsWith("ERROR 'prometheus' of the Prometheus connection 'observability' is not an address");
    }

    private static PrometheusConnection connection(String url) {
        return new PrometheusConnection("observability", url);
    }

    private static String said(PrometheusConnection connection) {
        FormValidation answer = new PrometheusConnection.DescriptorImpl()
                .doTestConnection(connection.getName(), connection.getUrl(), connection.getCredentialsId(), null, null);
        return answer.kind + " " + answer.getMessage().replace("&#039;", "'");
    }
}
