package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds the declaration in a config repository. */
public final class Declarations {

    /** In bytes of files, of all config repositories of a controller. */
    private static final int MOST_BYTES = 8 << 20;

    /** By content: between two changes of it the same file is read by every plan, page, check and commit. */
    private static final Cache<Text, Declaration> KNOWN = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .<Text, Declaration>weigher((text, declaration) -> text.content().remaining())
            .softValues()
            .build();

    /** What a declaration follows from. */
    private record Text(ByteBuffer content, String branch) {}

    private Declarations() {}

    /**
     * The declaration as it stands in this commit.
     *
     * @param branch of the commit: where targets are that name no branch of their own
     * @throws RefusedException if the repository has none
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    public static Declaration read(Snapshot snapshot, String branch) {
        return find(snapshot, branch)
                .orElseThrow(() -> new RefusedException("There is no " + Declaration.FILE
                        + " in the root of the config repository at commit " + CommitInfo.abbreviate(snapshot.commit())
                        + ": add one, or name file and image in the step instead of application and environment."));
    }

    /**
     * The same; empty if the repository has none.
     *
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    public static Optional<Declaration> find(Snapshot snapshot, String branch) {
        return snapshot.file(Declaration.FILE)
                .map(content -> KNOWN.get(
                        new Text(ByteBuffer.wrap(content), branch),
                        text -> DeclarationReader.read(Declaration.FILE, content, branch)));
    }

    /**
     * Asked before anything is changed, by the declaration at the tip of the configured branch. Reading is for every job.
     *
     * @throws RefusedException if the application's {@code jobs} leave out the one that asks
     */
    public static void requireJob(Application application, Provenance by) {
        String job = by.job();
        if (application.jobs().isEmpty()
                || job != null && application.jobs().stream().anyMatch(jobs -> jobs.matches(job))) {
            return;
        }
        throw new RefusedException((job == null ? "What no job asks for" : "The job '" + Shortened.name(job) + "'")
                + " cannot change '" + application.name() + "': 'applications." + application.name() + ".jobs' in "
                + Declaration.FILE + " allows only "
                + Shortened.list(application.jobs().stream().map(Glob::toString).toList())
                + "; use a job of that name, or extend the list.");
    }
}
