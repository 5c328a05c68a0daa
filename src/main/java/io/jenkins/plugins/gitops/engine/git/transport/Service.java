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
}
