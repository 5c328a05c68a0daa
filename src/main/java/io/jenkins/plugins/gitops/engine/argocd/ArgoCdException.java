package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Argo CD, or the Kubernetes API it lives in, could not be asked or said no. */
public class ArgoCdException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /** What one can do about it. */
    public enum Reason {
        /** The credentials are wrong or lack a permission (401, 403): a person must mend it. */
        REFUSED,
        /** There is no such Application or API (404), or it is elsewhere (3xx). */
        MISSING,
        /** A request that Argo CD will not carry out as it stands (400, 409, 412, 422). */
        REJECTED,
        /** The resource version is too old to go on from (410): list again. */
        GONE,
        /** Overload, a server's error, a broken or timed out connection: try again later. */
        UNAVAILABLE
    }

    private final Reason reason;

    public ArgoCdException(Reason reason, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The reason an HTTP status stands for. */
    public static Reason reasonOf(int status) {
        return switch (status) {
            case 401, 403 -> Reason.REFUSED;
            case 301, 302, 303, 307, 308, 404 -> Reason.MISSING;
            case 400, 405, 409, 412, 422 -> Reason.REJECTED;
            case 410 -> Reason.GONE;
            default -> Reason.UNAVAILABLE;
        };
    }
}
