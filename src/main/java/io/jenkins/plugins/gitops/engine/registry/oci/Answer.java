package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/** A whole HTTP response. */
record Answer(int status, @NonNull URI uri, @NonNull HttpHeaders headers, byte[] body) {

    @NonNull
    Optional<String> header(@NonNull String name) {
        return headers.firstValue(name);
    }

    /** Media type without parameters, lower case; empty if none is given. */
    @NonNull
    String mediaType() {
        return header("Content-Type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
