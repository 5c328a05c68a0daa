package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A file that is not the YAML it should be: the user corrects it at the line named. */
public final class InvalidYamlException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public InvalidYamlException(@NonNull String file, int line, @NonNull String reason) {
        this(file, line, reason, null);
    }

    /** @param line from 1 */
    public InvalidYamlException(@NonNull String file, int line, @NonNull String reason, @Nullable Throwable cause) {
        super(file + ":" + line + ": " + reason + (reason.endsWith(".") ? "" : "."), cause);
    }
}
