package io.jenkins.plugins.gitops.engine.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

class EksTokenTest {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant NOON = Instant.parse("2026-08-01T12:00:00Z");
    private static final AwsBasicCredentials KEYS = AwsBasicCredentials.create("AKIDEXAMPLE", SECRET);

    /** The expected URL was signed by botocore 1.44.5's SigV4QueryAuth, which `aws eks get-token` uses. */
    @Test
    void theTokenIsByteForByteWhatTheAwsCommandLineGives() {
        EksToken token = EksToken.sign(KEYS, Region.EU_CENTRAL_1, "shop-prod", NOON);

        assertThat(token.value()).startsWith("k8s-aws-v1.").doesNotContain("=");
        assertThat(url(token))
                .isEqualTo("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
                        + "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIDEXAMPLE%2F20260801%2Feu-central-1%2Fsts%2Faws4_request"
                        + "&X-Amz-Date=20260801T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"
                        + "&X-Amz-Signature=db9574d36a8251ed8a17e336e82752c0eec971975cc2ffde1155b073d99dfb49");
    }

    @Test
    void aSessionTokenAndAnotherPartitionAreSignedToo() {
        AwsSessionCredentials session = AwsSessionCredentials.create("ASIAEXAMPLE", SECRET, "FwoG/session+token==");

        EksToken token = EksToken.sign(session, Region.CN_NORTH_1, "shop-prod", NOON);

        assertThat(url(token))
                .isEqualTo("https://sts.cn-north-1.amazonaws.com.cn/?Action=GetCallerIdentity&Version=2011-06-15"
                        + "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=ASIAEXAMPLE%2F20260801%2Fcn-north-1%2Fsts%2Faws4_request"
                        + "&X-Amz-Date=20260801T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"
                        + "&X-Amz-Security-Token=FwoG%2Fsession%2Btoken%3D%3D"
                        + "&X-Amz-Signature=6874f7ed20e6e6c8974bbca31aa0f25fe0f7508a212c5eb0c01f962da2cbf7f0");
    }

    @Test
    void itIsRenewedBeforeTheClusterStopsAcceptingIt() {
        assertThat(EksToken.sign(KEYS, Region.EU_CENTRAL_1, "shop-prod", NOON).renewAt())
                .isEqualTo(NOON.plus(Duration.ofMinutes(14)));
    }

    @Test
    void itIsRenewedBeforeTheCredentialsThatSignedItExpire() {
        AwsSessionCredentials expiring = AwsSessionCredentials.builder()
                .accessKeyId("ASIAEXAMPLE")
                .secretAccessKey(SECRET)
                .sessionToken("FwoG")
                .expirationTime(NOON.plus(Duration.ofMinutes(5)))
                .build();

        assertThat(EksToken.sign(expiring, Region.EU_CENTRAL_1, "shop-prod", NOON)
                        .renewAt())
                .isEqualTo(NOON.plus(Duration.ofMinutes(4)));
    }

    @Test
    void itsTextDoesNotShowTheSecret() {
        EksToken token = EksToken.sign(KEYS, Region.EU_CENTRAL_1, "shop-prod", NOON);

        assertThat(token.toString()).isEqualTo("EksToken[renewAt=2026-08-01T12:14:00Z]");
    }

    private static String url(EksToken token) {
        byte[] bytes = Base64.getUrlDecoder().decode(token.value().substring("k8s-aws-v1.".length()));
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
