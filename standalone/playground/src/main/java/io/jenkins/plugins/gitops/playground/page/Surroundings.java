package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the page shows besides runs and gates: read anew whenever it is asked. */
public interface Surroundings {

    /**
     * A target as its Argo CD Application reports it.
     *
     * @param target {@code application/environment}
     * @param images live image versions by name
     * @param revision abbreviated commit it was last synced to, or empty
     * @param message what Argo CD says, or empty
     */
    record TargetView(
            @NonNull String target,
            @NonNull String name,
            @NonNull String argocd,
            @NonNull Map<String, String> images,
            @NonNull String sync,
            @NonNull String health,
            @NonNull String revision,
            @NonNull String message) {}

    /** Makes what an example needs, before it is started. */
    void prepare(@NonNull String example) throws IOException;

    /** An application and its environments in the order of the declaration. */
    record ApplicationView(@NonNull String name, @NonNull List<TargetView> environments) {}

    /** A commit of the config repository. */
    record CommitView(
            @NonNull String id,
            @NonNull String author,
            @NonNull String subject) {}

    @NonNull
    List<ApplicationView> applications();

    /** Newest first. */
    @NonNull
    List<CommitView> commits();

    /** What the simulated server of pull requests has, newest first, for its page. */
    @NonNull
    List<?> pulls();

    /** Somebody acts on one of them. */
    void act(int pull, @NonNull String verb, @NonNull String user);

    /** Where the config repository can be cloned from. */
    @NonNull
    String cloneUrl();
}
