package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The two services of a Git server. */
public enum Service {
    UPLOAD_PACK("git-upload-pack"),
    RECEIVE_PACK("git-receive-pack");

    private final String command;

    Service(String command) {
        this.command = command;
    }

    @NonNull
    public String command() {
        return command;
    }

    /** By the query of {@code info/refs}. */
    @NonNull
    static Service ofAdvertisement(@NonNull String query) {
        return query.endsWith(RECEIVE_PACK.command) ? RECEIVE_PACK : UPLOAD_PACK;
    }

    /** By the last part of a request's path. */
    @NonNull
    static Service ofResult(@NonNull String path) {
        return ofAdvertisement(path);
    }
}
