package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Hydration;
import java.util.List;
import java.util.Optional;

/** Maps what Argo CD compared and synced back to commits of the config repository. */
public final class Revisions {

    private Revisions() {}

    /** Of the last comparison; hydrated commits as the dry commits they came from, and left out where that is unknown. */
    public static List<String> dry(ObservedApplication application) {
        return dry(application, application.revisions());
    }

    public static List<String> dry(ObservedApplication application, List<String> revisions) {
        Optional<Hydration> hydration = application.hydration();
        if (hydration.isEmpty()) {
            return revisions;
        }
        Hydration known = hydration.get();
        boolean newest = !known.hydrated().isEmpty() && revisions.contains(known.hydrated());
        if (!newest) {
            return List.of();
        }
        // Where a dry commit changes nothing that is rendered, Argo CD only notes that it looked at it.
        return List.of(known.compared().isEmpty() ? known.dry() : known.compared());
    }
}
