package io.jenkins.plugins.gitops.engine.aws;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * A bearer token for the API server of an EKS cluster: a presigned STS GetCallerIdentity request, which the cluster's
 * authenticator sends on to learn who signed it. Signing needs no network.
 *
 * @param value {@code k8s-aws-v1.} and the URL in base64url without padding; a secret
 * @param renewAt when to take another: before the cluster stops accepting this one
 * @see <a href="https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster">the
 *     form of the token</a>
 */
public record EksToken(String value, Instant renewAt) {

    /** The authenticator accepts a token for 15 minutes after it was signed, whatever X-Amz-Expires says. */
    private static final Duration USABLE = Duration.ofMinutes(14);

    /** The value every EKS client sends; AWS refuses the request after it, the authenticator does not. */
    private static final Duration EXPIRES = Duration.ofSeconds(60);

    private static final Duration BEFORE_CREDENTIALS_EXPIRE = Duration.ofMinutes(1);

    /** These close the query, in this order; the others stand before them by name. */
    private static final List<String> LAST_PARAMETERS =
            List.of("X-Amz-SignedHeaders", "X-Amz-Security-Token", "X-Amz-Signature");

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /** @param cluster name of the cluster, not its ARN; the token is good for this cluster alone */
    static EksToken sign(AwsCredentialsIdentity credentials, Region region, String cluster, Instant now) {
        SdkHttpRequest signed = SIGNER.sign(request -> request.identity(credentials)
                        .request(getCallerIdentity(region, cluster))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, EXPIRES)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
                .request();
        byte[] url = url(signed).getBytes(StandardCharsets.US_ASCII);
        String value = "k8s-aws-v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(url);
        return new EksToken(value, renewAt(credentials, now));
    }

    private static SdkHttpRequest getCallerIdentity(Region region, String cluster) {
        URI sts = StsEndpointProvider.defaultProvider()
                .resolveEndpoint(endpoint -> endpoint.region(region).useGlobalEndpoint(false))
                .join()
                .url();
        return SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(sts.resolve("/"))
                .appendRawQueryParameter("Action", "GetCallerIdentity")
                .appendRawQueryParameter("Version", "2011-06-15")
                .putHeader("x-k8s-aws-id", cluster)
                .build();
    }

    /**
     * Put together here because the SDK's own getUri() logs what it returns, at debug level. In the AWS command line's
     * order, so that both give the same bytes.
     */
    private static String url(SdkHttpRequest signed) {
        Comparator<String> order = Comparator.comparingInt(LAST_PARAMETERS::indexOf);
        return signed.rawQueryParameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(order.thenComparing(Comparator.naturalOrder())))
                .map(parameter -> parameter.getKey() + "="
                        + SdkHttpUtils.urlEncode(parameter.getValue().get(0)))
                .collect(Collectors.joining("&", "https://" + signed.host() + "/?", ""));
    }

    /** A token dies with the temporary credentials that signed it. */
    private static Instant renewAt(AwsCredentialsIdentity credentials, Instant now) {
        Instant usable = now.plus(USABLE);
        return credentials
                .expirationTime()
                .map(expiry -> expiry.minus(BEFORE_CREDENTIALS_EXPIRE))
                .filter(usable::isAfter)
                .orElse(usable);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "EksToken[renewAt=" + renewAt + "]";
    }
}
