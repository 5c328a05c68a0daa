package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import java.util.List;

/** What is configured for an item: on its folders, the nearest first, then globally. */
public final class GitOpsSettings {

    private GitOpsSettings() {}

    /** The config repositories an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ConfiguredRepository> repositories(@NonNull Item item) {
        return GitOpsConfiguration.get().getRepositories();
    }

    /** The Argo CD connections an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ArgoCdConnection> argoCdConnections(@NonNull Item item) {
        return GitOpsConfiguration.get().getArgoCdConnections();
    }
}
