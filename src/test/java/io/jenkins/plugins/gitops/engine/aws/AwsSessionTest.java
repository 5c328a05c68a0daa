package io.jenkins.plugins.gitops.engine.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;

class AwsSessionTest {

    private static final String ROLE = "arn:aws:iam::210987654321:role/reader";
    private static final AwsIdentity JENKINS = new AwsIdentity.Supplied(
            "jenkins", StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDJENKINS", "secret")));

    private FakeAws aws;

    @BeforeEach
    void start() throws IOException {
        aws = new FakeAws();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void aRoleIsAssumedWithTheCallersCredentialsAndItsExternalId() {
        aws.givesRole("AssumeRole", "ASIAREADER");

        try (AwsSession session = session(new AwsIdentity.AssumedRole(JENKINS, ROLE, "shop-42"))) {
            assertThat(session.credentials().accessKeyId()).isEqualTo("ASIAREADER");
            assertThat(session.credentials().accessKeyId()).isEqualTo("ASIAREADER");
        }

        assertThat(aws.calls()).hasSize(1);
        assertThat(aws.calls().get(0).scope()).startsWith("AKIDJENKINS/").endsWith("/eu-central-1/sts/aws4_request");
        assertThat(aws.calls().get(0).body())
                .contains("Action=AssumeRole&Version=2011-06-15")
                .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Freader")
                .contains("RoleSessionName=jenkins-gitops-promotion")
                .contains("ExternalId=shop-42");
    }

    @Test
    void oneRoleCanAssumeAnother() {
        aws.givesRole("AssumeRole", "ASIAFIRST").givesRole("AssumeRole", "ASIASECOND");
        AwsIdentity first = new AwsIdentity.AssumedRole(JENKINS, "arn:aws:iam::111111111111:role/hop", null);

        try (AwsSession session = session(new AwsIdentity.AssumedRole(first, ROLE, null))) {
            assertThat(session.credentials().accessKeyId()).isEqualTo("ASIASECOND");
        }

        assertThat(aws.calls())
                .extracting(call -> call.scope().split("/")[0])
                .containsExactly("AKIDJENKINS", "ASIAFIRST");
    }

    @Test
    void aServiceAccountsTokenIsExchangedForARole(@TempDir Path directory) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "header.claims.signature");
        aws.givesRole("AssumeRoleWithWebIdentity", "ASIAWEB");

        try (AwsSession session = session(new AwsIdentity.WebIdentity(ROLE, token))) {
            assertThat(session.credentials().accessKeyId()).isEqualTo("ASIAWEB");
        }

        assertThat(aws.calls().get(0).body()).contains("WebIdentityToken=header.claims.signature");
        assertThat(aws.calls().get(0).authorization())
                .as("the token is the proof, nothing is signed")
                .isEmpty();
    }

    /** And with it through a proxy that is configured for that client. */
    @Test
    void theRoleOfAPodIsAskedForWithTheSessionsClient(@TempDir Path directory) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "header.claims.signature");
        aws.givesRole("AssumeRoleWithWebIdentity", "ASIAPOD");
        System.setProperty(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.property(), token.toString());
        System.setProperty(SdkSystemSetting.AWS_ROLE_ARN.property(), ROLE);
        try (AwsSession session = session(new AwsIdentity.DefaultChain())) {
            assertThat(session.credentials().accessKeyId()).isEqualTo("ASIAPOD");
        } finally {
            System.clearProperty(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.property());
            System.clearProperty(SdkSystemSetting.AWS_ROLE_ARN.property());
        }
    }

    @Test
    void aRoleThatMayNotBeAssumedIsOneSentence() {
        aws.refusesRole("AssumeRole", "AccessDenied", "User jenkins is not authorized to perform: sts:AssumeRole");

        try (AwsSession session = session(new AwsIdentity.AssumedRole(JENKINS, ROLE, null))) {
            assertThatThrownBy(session::credentials)
                    .isInstanceOf(AwsException.class)
                    .hasMessage("AWS gives no credentials for " + ROLE + " assumed by AWS credentials 'jenkins' in"
                            + " eu-central-1: check the identity and the"
                            + " role's trust policy (AccessDenied: User"
                            + " jenkins is not authorized to perform:"
                            + " sts:AssumeRole).");
        }
    }

    private AwsSession session(AwsIdentity identity) {
        return new AwsSession(identity, Region.EU_CENTRAL_1, ApacheHttpClient.create(), Optional.of(aws.endpoint()));
    }
}
