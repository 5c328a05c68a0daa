package io.jenkins.plugins.gitops.engine.argocd;

import java.net.URI;

/** Where an Application is in Argo CD's UI. */
public final class ApplicationPage {

    private ApplicationPage() {}

    /** @param ui address of the UI, with its root path if it has one */
    public static URI of(URI ui, ApplicationName application) {
        String base = ui.toString().replaceFirst("/+$", "");
        return URI.create(base + "/applications/" + application.namespace() + "/" + application.name());
    }
}
