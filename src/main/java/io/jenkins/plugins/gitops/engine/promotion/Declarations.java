package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;

/** Finds the declaration in a config repository. */
public final class Declarations {

    private Declarations() {}

    /**
     * The declaration as it stands in this commit.
     *
     * @throws BumpRefusedException if the repository has none
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    @NonNull
    public static Declaration read(@NonNull Snapshot snapshot) {
        byte[] content = snapshot.file(Declaration.FILE)
                .orElseThrow(() -> new BumpRefusedException("There is no " + Declaration.FILE
                        + " in the root of the config repository at commit " + Words.commit(snapshot.commit())
                        + ": add one, or name file and image in the step instead of application and environment."));
        return DeclarationReader.read(Declaration.FILE, content);
    }
}
