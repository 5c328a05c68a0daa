package io.jenkins.plugins.gitops.engine.aws;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * An {@link AwsIdentity} at work in one region: its credentials, renewed by the SDK before they expire. Holds STS clients
 * and the HTTP client until it is closed. Safe for any thread.
 */
public final class AwsSession implements AutoCloseable {

    /** How the calls appear in CloudTrail. */
    private static final String SESSION_NAME = "jenkins-gitops-promotion";

    private final AwsIdentity identity;
    private final Region region;
    private final SdkHttpClient http;
    private final Optional<URI> endpoint;
    private final Deque<SdkAutoCloseable> open = new ArrayDeque<>();
    private final AwsCredentialsProvider provider;

    /**
     * Opens without a call to AWS.
     *
     * @param http used for every call; closed with this session
     * @param endpoint in place of AWS's own for every service, for VPC endpoints and emulators
     */
    public AwsSession(AwsIdentity identity, Region region, SdkHttpClient http, Optional<URI> endpoint) {
        this.identity = identity;
        this.region = region;
        this.http = http;
        this.endpoint = endpoint;
        open.push(http);
        this.provider = provider(identity);
    }

    /**
     * The credentials as they are now; may call AWS.
     *
     * @throws AwsException if there are none
     */
    public AwsCredentials credentials() {
        try {
            return provider.resolveCredentials();
        } catch (SdkException e) {
            throw new AwsException(
                    "AWS gives no credentials for " + identity + " in " + region
                            + ": check the identity and the role's trust policy (" + AwsException.reason(e) + ").",
                    e);
        }
    }

    public AwsCredentialsProvider provider() {
        return provider;
    }

    public Region region() {
        return region;
    }

    public SdkHttpClient http() {
        return http;
    }

    public Optional<URI> endpoint() {
        return endpoint;
    }

    /** For messages: whom AWS sees. */
    @Override
    public String toString() {
        return identity.toString();
    }

    private AwsCredentialsProvider provider(AwsIdentity of) {
        if (of instanceof AwsIdentity.Supplied supplied) {
            return supplied.provider();
        }
        if (of instanceof AwsIdentity.WebIdentity web) {
            StsClient sts = sts(AnonymousCredentialsProvider.create());
            return closed(StsWebIdentityTokenFileCredentialsProvider.builder()
                    .stsClient(sts)
                    .roleArn(web.roleArn())
                    .roleSessionName(SESSION_NAME)
                    .webIdentityTokenFile(web.tokenFile())
                    .build());
        }
        if (of instanceof AwsIdentity.AssumedRole role) {
            StsClient sts = sts(provider(role.by()));
            return closed(StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(sts)
                    .refreshRequest(request -> request.roleArn(role.roleArn())
                            .roleSessionName(SESSION_NAME)
                            .externalId(role.externalId()))
                    .build());
        }
        AwsCredentialsProvider chain =
                closed(DefaultCredentialsProvider.builder().build());
        return webIdentityOfPod()
                .map(this::provider)
                .<AwsCredentialsProvider>map(web -> AwsCredentialsProviderChain.of(
                        SystemPropertyCredentialsProvider.create(),
                        EnvironmentVariableCredentialsProvider.create(),
                        web,
                        chain))
                .orElse(chain);
    }

    /** The default chain reads these settings as well, but would ask STS with a client of its own, past a proxy. */
    private static Optional<AwsIdentity> webIdentityOfPod() {
        Optional<String> file = SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue();
        return SdkSystemSetting.AWS_ROLE_ARN
                .getStringValue()
                .flatMap(role -> file.map(token -> new AwsIdentity.WebIdentity(role, Path.of(token))));
    }

    private StsClient sts(AwsCredentialsProvider caller) {
        return closed(StsClient.builder()
                .httpClient(http)
                .region(region)
                .endpointOverride(endpoint.orElse(null))
                .credentialsProvider(caller)
                .build());
    }

    private <T extends SdkAutoCloseable> T closed(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
