package io.jenkins.plugins.gitops.engine.argocd;

import java.util.List;

/**
 * What a revision of the config repository renders to for one Application.
 *
 * @param revision full commit id
 * @param images as the pods would have them
 * @param fingerprint equal for two revisions that render to the same manifests
 */
public record Rendered(String revision, List<String> images, String fingerprint) {

    public Rendered {
        images = List.copyOf(images);
    }
}
