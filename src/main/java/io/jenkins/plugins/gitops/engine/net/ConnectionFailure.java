package io.jenkins.plugins.gitops.engine.net;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Why a connection or an answer failed, told by the types of the exception and its causes: the JDK's English texts differ
 * between its versions. The first that fits, in the order of the constants, holds.
 */
public enum ConnectionFailure {
    /** The thread was interrupted. */
    INTERRUPTED,
    /** The answer passed its limit. */
    TOO_LARGE,
    /** The server's certificate, or one that vouches for it, has expired. */
    CERTIFICATE_EXPIRED,
    /** No trusted authority signed the server's certificate. */
    CERTIFICATE_UNTRUSTED,
    /** The server's certificate is refused for another reason: nearly always it names another host. */
    CERTIFICATE_OTHER_HOST,
    /** The name cannot be resolved; where a proxy is used it may be that of the proxy. */
    UNKNOWN_HOST,
    /** No connection in time. */
    CONNECT_TIMEOUT,
    /** Nothing listens there, or no route leads there. */
    CONNECTION_REFUSED,
    /** The connection ended inside the TLS handshake, for no reason given: it may succeed another time. */
    TLS_CUT,
    /** The server ended the TLS handshake with an alert: no protocol version or cipher in common, or no client certificate. */
    TLS_REFUSED,
    /** What was received is not TLS, or TLS broke after its handshake. */
    TLS_BROKEN,
    /** No answer, or no end of it, in time. */
    TIMEOUT,
    /** What was received is not HTTP, or a proxy opened no tunnel. */
    NOT_HTTP,
    /** The connection was cut, or anything else went wrong on it. */
    CUT;

    private static final int DEEPEST = 20;

    /** Whether it is the certificate, which does not mend itself. */
    public boolean isCertificate() {
        return this == CERTIFICATE_EXPIRED || this == CERTIFICATE_UNTRUSTED || this == CERTIFICATE_OTHER_HOST;
    }

    /** Of an exception, looking at its causes too. */
    public static ConnectionFailure of(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && chain.size() < DEEPEST; cause = cause.getCause()) {
            chain.add(cause);
        }
        if (has(chain, InterruptedException.class)
                || chain.stream().anyMatch(cause -> cause.getClass() == InterruptedIOException.class)) {
            return INTERRUPTED;
        }
        if (has(chain, BodyLimits.TooLargeException.class)) {
            return TOO_LARGE;
        }
        if (has(chain, CertificateExpiredException.class)) {
            return CERTIFICATE_EXPIRED;
        }
        if (has(chain, CertPathBuilderException.class) || has(chain, CertPathValidatorException.class)) {
            return CERTIFICATE_UNTRUSTED;
        }
        // OkHttp verifies the name itself; the JDK's trust manager reports a name that does not match without more.
        if (has(chain, SSLPeerUnverifiedException.class) || has(chain, CertificateException.class)) {
            return CERTIFICATE_OTHER_HOST;
        }
        if (has(chain, UnresolvedAddressException.class) || has(chain, UnknownHostException.class)) {
            return UNKNOWN_HOST;
        }
        if (has(chain, HttpConnectTimeoutException.class)) {
            return CONNECT_TIMEOUT;
        }
        if (has(chain, ConnectException.class) || has(chain, NoRouteToHostException.class)) {
            return CONNECTION_REFUSED;
        }
        return has(chain, SSLException.class) ? tls(chain) : others(chain);
    }

    /** The exception that ends work on an interrupted thread, whose interrupt is set again. */
    public static InterruptedIOException interrupted(Throwable cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static ConnectionFailure tls(List<Throwable> chain) {
        if (!has(chain, SSLHandshakeException.class)) {
            return TLS_BROKEN;
        }
        boolean cut = has(chain, EOFException.class)
                || has(chain, SocketException.class)
                || has(chain, ClosedChannelException.class)
                || chain.stream().noneMatch(ConnectionFailure::isRaisedByTls);
        return cut ? TLS_CUT : TLS_REFUSED;
    }

    /**
     * The JDK's HTTP client reports a connection that ended inside the handshake as a handshake failure without a cause;
     * an alert is reported by the TLS engine itself.
     */
    private static boolean isRaisedByTls(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return cause instanceof SSLHandshakeException
                && stack.length > 0
                && stack[0].getClassName().startsWith("sun.security.ssl.");
    }

    private static ConnectionFailure others(List<Throwable> chain) {
        if (has(chain, HttpTimeoutException.class)
                || has(chain, SocketTimeoutException.class)
                || has(chain, TimeoutException.class)) {
            return TIMEOUT;
        }
        return has(chain, ProtocolException.class) ? NOT_HTTP : CUT;
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> kind) {
        return chain.stream().anyMatch(kind::isInstance);
    }
}
