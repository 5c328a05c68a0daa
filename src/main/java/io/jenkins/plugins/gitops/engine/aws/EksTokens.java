package io.jenkins.plugins.gitops.engine.aws;

import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Gives a token for one EKS cluster that is good now: the same one until it is nearly used up, then another. Ask for
 * every request; it is cheap. Safe for any thread.
 */
public final class EksTokens implements Supplier<String>, AutoCloseable {

    private final AwsSession session;
    private final String cluster;
    private final InstantSource clock;
    private EksToken current;

    /**
     * @param session the identity that the cluster's access entries or aws-auth map know; closed with this
     * @param cluster name of the cluster, not its ARN
     * @param clock must be right to a few minutes: AWS refuses a signature from another time
     */
    public EksTokens(AwsSession session, String cluster, InstantSource clock) {
        this.session = session;
        this.cluster = cluster;
        this.clock = clock;
    }

    /**
     * A bearer token, a secret. Calls AWS only when the session's own credentials have to be renewed.
     *
     * @throws AwsException if AWS gives no credentials
     */
    @Override
    public synchronized String get() {
        if (current == null || !clock.instant().isBefore(current.renewAt())) {
            current = EksToken.sign(session.credentials(), session.region(), cluster, clock.instant());
        }
        return current.value();
    }

    @Override
    public void close() {
        session.close();
    }
}
