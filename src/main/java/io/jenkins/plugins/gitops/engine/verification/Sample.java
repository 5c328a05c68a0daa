package io.jenkins.plugins.gitops.engine.verification;

import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * What one look of a check found.
 *
 * @param text a clause for people: {@code 0.004, which is below 0.01}
 * @param details lines that explain it, such as the end of a log
 */
public record Sample(Kind kind, String text, List<String> details) {

    private static final int LONGEST_TEXT = 500;

    public Sample {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        text = line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line;
        details = List.copyOf(details);
    }

    /** One that needs no explanation. */
    public Sample(Kind kind, String text) {
        this(kind, text, List.of());
    }

    /** What it says of the release. */
    public enum Kind {
        /** As it should be. */
        GOOD,
        /** Not as it should be; it may still become so. */
        BAD,
        /** Nothing: the look could not be taken. */
        MISSED,
        /** Not as it should be, for good. */
        FAILED,
        /** Nothing, and it never will: the check is declared wrongly. */
        IMPOSSIBLE,
        /** Nothing, and it never will: whoever would say it was stopped. */
        ABORTED
    }

    /** An alert that speaks against the release. */
    static Sample failed(Alert alert) {
        return new Sample(Kind.FAILED, alert.line());
    }

    /** A look that could not be taken. */
    public static Sample missed(String clause) {
        return new Sample(Kind.MISSED, clause);
    }

    static Sample missed(Throwable failure) {
        boolean isLate = BoundedBody.cause(failure) instanceof TimeoutException;
        return missed(isLate ? "no answer in time" : BoundedBody.reason(failure));
    }

    /** No look can ever be taken. */
    public static Sample impossible(String clause) {
        return new Sample(Kind.IMPOSSIBLE, clause);
    }

    /** A clause that says why a server did not answer. */
    static String unanswered(Throwable failure) {
        return switch (ConnectionFailure.of(failure)) {
            case INTERRUPTED -> "interrupted";
            case TOO_LARGE -> "its answer is too large";
            case CERTIFICATE_EXPIRED -> "its certificate has expired";
            case CERTIFICATE_UNTRUSTED -> "no trusted authority signed its certificate";
            case CERTIFICATE_OTHER_HOST -> "its certificate is for another host";
            case UNKNOWN_HOST -> "its name cannot be resolved";
            case CONNECT_TIMEOUT -> "no connection in time";
            case CONNECTION_REFUSED -> "connection refused";
            case TLS_CUT, TLS_REFUSED, TLS_BROKEN -> "TLS failed";
            case TIMEOUT -> "no answer in time";
            case NOT_HTTP -> "it does not speak HTTP";
            case CUT -> "the connection was cut";
        };
    }
}
