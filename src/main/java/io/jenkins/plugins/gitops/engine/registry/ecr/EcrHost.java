package io.jenkins.plugins.gitops.engine.registry.ecr;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/**
 * A private ECR registry by its host name, for example {@code 123456789012.dkr.ecr.eu-central-1.amazonaws.com}.
 *
 * @param account id of the AWS account that owns it; also of another account than the caller's
 */
public record EcrHost(String host, String account, Region region) {

    /** Passwords go to these hosts, so the domain must be Amazon's: each partition's, IPv4 and dual-stack. */
    private static final String DOMAINS = String.join(
            "|",
            "amazonaws\\.com(?:\\.cn)?",
            "on\\.aws",
            "on\\.amazonwebservices\\.com\\.cn",
            "amazonaws\\.eu",
            "on\\.amazonwebservices\\.eu",
            "c2s\\.ic\\.gov",
            "sc2s\\.sgov\\.gov",
            "cloud\\.adc-e\\.uk",
            "csp\\.hci\\.ic\\.gov");

    private static final Pattern FORM =
            Pattern.compile("(?<account>\\d{12})\\.dkr[.-]ecr(?:-fips)?\\.(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d+)\\.(?:"
                    + DOMAINS + ")");

    /** Empty if it is the host of another registry. */
    public static Optional<EcrHost> parse(String host) {
        Matcher matcher = FORM.matcher(host);
        return matcher.matches()
                ? Optional.of(new EcrHost(host, matcher.group("account"), Region.of(matcher.group("region"))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return host;
    }
}
