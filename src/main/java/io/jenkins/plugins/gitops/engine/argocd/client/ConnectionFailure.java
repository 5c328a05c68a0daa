package io.jenkins.plugins.gitops.engine.argocd.client;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;

/** What a sentence says of a connection that was not made or broke. */
final class ConnectionFailure {

    /** What to do where nothing answers, as the end of a sentence. */
    static final String UNREACHABLE = ": check the address, and the network between";

    private ConnectionFailure() {}

    /** What the deepest cause says. The JDK's client says nothing of a connection that it did not get. */
    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            root = cause.getMessage() == null && !(cause instanceof UnresolvedAddressException) ? root : cause;
        }
        if (root instanceof UnresolvedAddressException) {
            return "the host is unknown";
        }
        if (root.getMessage() == null) {
            return root instanceof ConnectException
                    ? "no connection"
                    : root.getClass().getSimpleName();
        }
        return root.getMessage();
    }
}
