package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.Map;

/** {@code post { … }}: keeps the blocks by condition. */
final class PostSection extends Section {

    private final Map<String, Closure<?>> blocks;

    PostSection(Map<String, Closure<?>> blocks) {
        this.blocks = blocks;
    }

    public void always(Closure<?> block) {
        blocks.put("always", block);
    }

    public void success(Closure<?> block) {
        blocks.put("success", block);
    }

    public void unstable(Closure<?> block) {
        blocks.put("unstable", block);
    }

    public void failure(Closure<?> block) {
        blocks.put("failure", block);
    }

    public void aborted(Closure<?> block) {
        blocks.put("aborted", block);
    }

    public void unsuccessful(Closure<?> block) {
        blocks.put("unsuccessful", block);
    }

    public void cleanup(Closure<?> block) {
        blocks.put("cleanup", block);
    }
}
