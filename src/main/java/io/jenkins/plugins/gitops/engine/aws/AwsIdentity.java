package io.jenkins.plugins.gitops.engine.aws;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Whom AWS sees. A description only; {@link AwsSession} turns it into credentials. */
public sealed interface AwsIdentity {

    /** Environment, system properties, web identity, profile, container or instance role, in the SDK's own order. */
    record DefaultChain() implements AwsIdentity {

        @Override
        public String toString() {
            return "the default AWS credential chain";
        }
    }

    /**
     * A role for a service account's token (IRSA, OIDC).
     *
     * @param tokenFile holds a JWT; read again whenever the credentials are renewed
     */
    record WebIdentity(String roleArn, Path tokenFile) implements AwsIdentity {

        @Override
        public String toString() {
            return "web identity " + tokenFile + " as " + roleArn;
        }
    }

    /**
     * Credentials that somebody else keeps.
     *
     * @param name how the user knows them, for example a credentials id; shown in messages
     */
    record Supplied(String name, AwsCredentialsProvider provider) implements AwsIdentity {

        @Override
        public String toString() {
            return "AWS credentials '" + name + "'";
        }
    }

    /**
     * A role taken on by another identity, also in another account.
     *
     * @param externalId what the role's trust policy asks for, or null
     */
    record AssumedRole(
            AwsIdentity by, String roleArn, @CheckForNull String externalId) implements AwsIdentity {

        @Override
        public String toString() {
            return roleArn + " assumed by " + by;
        }
    }
}
