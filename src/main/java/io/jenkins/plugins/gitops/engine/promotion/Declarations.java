package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;

/** Finds the declaration in a config repository. */
public final class Declarations {

    private Declarations() {}

    /**
     * The declaration as it stands in this commit.
     *
     * @param branch of the commit: where targets are that name no branch of their own
     * @throws RefusedException if the repository has none
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    @NonNull
    public static Declaration read(@NonNull Snapshot snapshot, @NonNull String branch) {
        byte[] content = snapshot.file(Declaration.FILE)
                .orElseThrow(() -> new RefusedException("There is no " + Declaration.FILE
                        + " in the root of the config repository at commit " + CommitInfo.abbreviate(snapshot.commit())
                        + ": add one, or name file and image in the step instead of application and environment."));
        return DeclarationReader.read(Declaration.FILE, content, branch);
    }
}
