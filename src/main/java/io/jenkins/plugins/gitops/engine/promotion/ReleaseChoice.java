package io.jenkins.plugins.gitops.engine.promotion;

import java.util.Map;

/** Which release is to be promoted. */
public sealed interface ReleaseChoice {

    /** What is live and healthy in the environment before. */
    record Live() implements ReleaseChoice {}

    /**
     * The release that has these versions.
     *
     * @param versions image name to tag, digest, {@code tag@digest} or whole reference; not empty
     */
    record Versions(Map<String, String> versions) implements ReleaseChoice {
        public Versions {
            versions = Map.copyOf(versions);
        }
    }

    /** The release whose images all have this tag or digest. */
    record Tag(String tag) implements ReleaseChoice {}

    /**
     * The release of a deployment.
     *
     * @param id of its commit in the config repository, full or abbreviated
     */
    record Commit(String id) implements ReleaseChoice {}
}
