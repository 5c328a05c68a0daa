package io.jenkins.plugins.gitops.playground.jenkinsfile;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds inside a block of a Jenkinsfile and no longer after it.
 *
 * @param overlay variables of the enclosing {@code environment} and {@code withEnv} blocks
 * @param directory where {@code sh} runs
 */
public record Scope(Map<String, String> overlay, Path directory) {

    public Scope {
        overlay = Collections.unmodifiableMap(new LinkedHashMap<>(overlay));
    }

    public Scope with(Map<String, String> variables) {
        Map<String, String> merged = new LinkedHashMap<>(overlay);
        merged.putAll(variables);
        return new Scope(merged, directory);
    }

    public Scope in(Path other) {
        return new Scope(overlay, other);
    }
}
