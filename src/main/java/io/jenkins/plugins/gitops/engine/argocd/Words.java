package io.jenkins.plugins.gitops.engine.argocd;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.stream.Collectors;

/** Revisions and times as a log line has them. */
public final class Words {

    private static final int SHORT = 7;

    /** What to do where nothing answers, as the end of a sentence. */
    public static final String UNREACHABLE = ": check the address, and the network between";

    private Words() {}

    /** {@code 3f2a91c}; what is not a commit id stays whole. */
    public static String shortened(String revision) {
        return revision.matches("[0-9a-f]{40,64}") ? revision.substring(0, SHORT) : revision;
    }

    public static String revision(List<String> revisions) {
        return revisions.isEmpty()
                ? "an unknown revision"
                : revisions.stream().map(Words::shortened).collect(Collectors.joining(" and "));
    }

    public static String first(List<String> revisions) {
        return revisions.isEmpty() ? "" : revisions.get(0);
    }

    /** What the deepest cause says. The JDK's client says nothing of a connection that it did not get. */
    public static String root(Throwable thrown) {
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
