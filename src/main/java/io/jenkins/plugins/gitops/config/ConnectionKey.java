package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Names an Argo CD connection for the whole controller, as folders may have connections of the same name.
 *
 * @param scope full name of the folder that configures it; empty for Jenkins itself
 * @param name of the connection there
 */
record ConnectionKey(@NonNull String scope, @NonNull String name) {

    private static final String SEPARATOR = " » ";

    @NonNull
    static ConnectionKey parse(@NonNull String text) {
        int at = text.lastIndexOf(SEPARATOR);
        return at < 0
                ? new ConnectionKey("", text)
                : new ConnectionKey(text.substring(0, at), text.substring(at + SEPARATOR.length()));
    }

    @Override
    public String toString() {
        return scope.isEmpty() ? name : scope + SEPARATOR + name;
    }
}
