package io.jenkins.plugins.gitops.engine.argocd.client;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** What a sentence tells of a connection that was not made, or broke. */
final class Faults {

    private Faults() {}

    /** @param deed what was tried, where: {@code list Applications at https://…} */
    static ArgoCdException connection(String deed, Throwable cause) {
        ConnectionFailure failure = ConnectionFailure.of(cause);
        return new ArgoCdException(
                failure.isCertificate() ? Reason.REFUSED : Reason.UNAVAILABLE,
                "Cannot " + deed + " (" + rootMessage(cause) + "): " + remedy(failure),
                cause);
    }

    private static String remedy(ConnectionFailure failure) {
        return switch (failure) {
            case CERTIFICATE_EXPIRED ->
                "its certificate has expired; renew it, or correct the clock of this controller";
            case CERTIFICATE_UNTRUSTED ->
                "its certificate is not signed by the connection's CA certificate; give the connection the CA that"
                        + " signed it";
            case CERTIFICATE_OTHER_HOST ->
                "its certificate is for another host name; use the address that the certificate names";
            case TOO_LARGE ->
                "the response is larger than the plugin accepts; spread the Applications over several namespaces";
            case NOT_HTTP, TLS_BROKEN, TLS_REFUSED -> "check the address, its scheme (http or https) and its port";
            case INTERRUPTED, UNKNOWN_HOST, CONNECT_TIMEOUT, CONNECTION_REFUSED, TLS_CUT, TIMEOUT, CUT ->
                "check the address, and the network between it and Jenkins";
        };
    }

    /**
     * What the deepest cause says, or the time limit whose passing closed the connection. The JDK's client says nothing of
     * a connection that it did not get.
     */
    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown;
                cause != null && !(root instanceof SocketTimeoutException);
                cause = cause.getCause()) {
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
