package io.jenkins.plugins.gitops.engine.changes;

import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a changed file asks for; the kind that a file belongs to first, from the last to the first, counts. */
public enum ChangeKind {
    /** A new image. */
    CODE,
    /** A sync by Argo CD, and nothing to build. */
    CONFIG,
    /** Terraform or OpenTofu. */
    INFRASTRUCTURE;

    /** All of them, as {@code gitops-changes.yaml} and Pipelines write them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(ChangeKind::toString).toList();
    }

    /** @throws UnknownNameException suggesting the nearest one */
    public static ChangeKind of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(name, "kind of change", "gitopsChanges", names()));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
