package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts a gate's checks may reach, however an address is written. */
class AllowedCheckHostsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://127.8.9.1/",
                "http://0.0.0.0/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[fd00:ec2::254]/",
                "http://metadata.google.internal/",
                "http://Metadata.Google.Internal./",
                "http://localhost./",
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://0x7f000001/",
                "http://017700000001./",
                "http://[::127.0.0.1]/",
                "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
                "http://[64:ff9b::169.254.169.254]/",
                "http://[2002:7f00:1::]/",
                "http://[fe80::1]/",
                "http://allowed.example@127.0.0.1/",
                "http://user:127.0.0.1@localhost/",
                "http://100.100.100.200/"
            })
    void thisMachineAndMetadataServicesAreNotAskedUnlessAnAdministratorAllowsThem(String address) {
        CheckEndpoints usual = new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> Gates.NOON);
        CheckResult result = usual.ask(
                        new GateDefinition.HttpCheck("ticket", address), Gates.open(Gates.definition(List.of())))
                .toCompletableFuture()
                .join();

        assertThat(result.state()).isEqualTo(CheckResult.State.FAILED);
        assertThat(result.reason()).contains("an administrator can add it to 'allowedCheckHosts'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://local_host/",
                "http:opaque",
                "http:///path",
                "http://0x7f.0.0.1/",
                "http://127.1/",
                "http://169.254.43518/"
            })
    void anAddressWithoutAValidHostIsNotAsked(String address) {
        CheckEndpoints usual = new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> Gates.NOON);

        assertThat(usual.refusal(URI.create(address))).contains("its address has no valid host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.0.0.7/", "http://8.8.8.8/", "http://[2001:db8::1]/", "http://host.invalid/"})
    void otherHostsAreAsked(String address) {
        CheckEndpoints usual = new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> Gates.NOON);

        assertThat(usual.refusal(URI.create(address))).isEmpty();
    }

    @Test
    void whereAnAdministratorListsHostsNoOtherIsAsked() {
        CheckEndpoints listed =
                new CheckEndpoints(HttpClients.DEFAULT, () -> List.of("*.Example.org"), () -> "", () -> Gates.NOON);

        assertThat(listed.refusal(URI.create("https://Tickets.example.org/check")))
                .isEmpty();
        assertThat(listed.refusal(URI.create("https://example.net/check")))
                .contains("example.net is not among the allowed hosts; an administrator can add it to"
                        + " 'allowedCheckHosts' of GitOps Promotion");
    }
}
