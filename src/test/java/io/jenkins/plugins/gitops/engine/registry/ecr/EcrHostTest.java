package io.jenkins.plugins.gitops.engine.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcrHostTest {

    @ParameterizedTest
    @CsvSource({
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com, eu-central-1",
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com, us-gov-west-1",
        "123456789012.dkr-ecr.us-east-1.on.aws, us-east-1",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn, cn-north-1",
        "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu, eusc-de-east-1"
    })
    void accountAndRegionStandInTheName(String host, String region) {
        EcrHost parsed = EcrHost.parse(host).orElseThrow();

        assertThat(parsed.account()).isEqualTo("123456789012");
        assertThat(parsed.region().id()).isEqualTo(region);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghcr.io",
                "public.ecr.aws",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example",
                "evil.example.123456789012.dkr.ecr.eu-central-1.amazonaws.com",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com:8443",
                "12345.dkr.ecr.eu-central-1.amazonaws.com"
            })
    void anotherHostGetsNoAwsPassword(String host) {
        assertThat(EcrHost.parse(host)).isEmpty();
    }
}
