package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * What a promotion into an environment needs, as {@code gitops.yaml} declares it.
 *
 * @param approvals every group's quorum must be reached; empty when no person is asked
 * @param checklist items a person must tick, in order
 */
public record GateDefinition(
        @NonNull List<Approvals> approvals, @NonNull List<String> checklist) {

    /**
     * @param required how many different people, at least 1
     * @param from users or groups that may approve; empty for anyone with the permission
     */
    public record Approvals(int required, @NonNull List<String> from) {}
}
