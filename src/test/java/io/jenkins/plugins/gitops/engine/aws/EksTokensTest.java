package io.jenkins.plugins.gitops.engine.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;

class EksTokensTest {

    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "very-secret"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T12:00:00Z"));

    @Test
    void theSameTokenServesUntilFourteenMinutesHavePassed() {
        try (EksTokens tokens = new EksTokens(session(KEYS), "shop-prod", now::get)) {
            String first = tokens.get();
            pass(Duration.ofMinutes(14).minusSeconds(1));
            assertThat(tokens.get()).isEqualTo(first);

            pass(Duration.ofSeconds(1));
            assertThat(tokens.get()).isNotEqualTo(first);
        }
    }

    @Test
    void aTokenIsNeverLogged() {
        StringBuilder log = new StringBuilder();
        Handler handler = capturing(log);
        Logger sdk = Logger.getLogger("software.amazon.awssdk");
        Level before = sdk.getLevel();
        sdk.addHandler(handler);
        sdk.setLevel(Level.ALL);
        try (EksTokens tokens = new EksTokens(session(KEYS), "shop-prod", now::get)) {
            String token = tokens.get();

            assertThat(log)
                    .contains("AWS4 Canonical Request")
                    .doesNotContain(token)
                    .doesNotContain(signature(token))
                    .doesNotContain("very-secret");
        } finally {
            sdk.setLevel(before);
            sdk.removeHandler(handler);
        }
    }

    @Test
    void missingCredentialsAreOneSentenceThatNamesTheIdentity() {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("Unable to load credentials");
        };

        try (EksTokens tokens = new EksTokens(session(none), "shop-prod", now::get)) {
            assertThatThrownBy(tokens::get)
                    .isInstanceOf(AwsException.class)
                    .hasMessage("AWS gives no credentials for AWS credentials 'deployer' in eu-central-1: check the"
                            + " identity and the role's trust policy (Unable to load credentials).");
        }
    }

    private static AwsSession session(AwsCredentialsProvider credentials) {
        return new AwsSession(
                new AwsIdentity.Supplied("deployer", credentials),
                Region.EU_CENTRAL_1,
                ApacheHttpClient.create(),
                Optional.empty());
    }

    /** The part of the URL that makes it a secret. */
    private static String signature(String token) {
        byte[] url = Base64.getUrlDecoder().decode(token.substring("k8s-aws-v1.".length()));
        String text = new String(url, StandardCharsets.US_ASCII);
        return text.substring(text.indexOf("X-Amz-Signature=") + "X-Amz-Signature=".length());
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static Handler capturing(StringBuilder log) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                log.append(entry.getMessage()).append('\n');
                if (entry.getParameters() != null) {
                    log.append(Arrays.toString(entry.getParameters())).append('\n');
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
