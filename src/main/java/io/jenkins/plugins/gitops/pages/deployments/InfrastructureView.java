package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Environment;
import java.util.List;
import java.util.Map;

/**
 * What the deployments pages show of Terraform in a target; its JSON form is their contract, too.
 *
 * @param driftedSince when what is there was first found to differ from the configuration, or null where it does not
 * @param drift by how much, for example {@code 2 updated}, or null likewise
 * @param changes plans that were applied, or failed in it, newest first
 */
record InfrastructureView(
        @CheckForNull String driftedSince, @CheckForNull String drift, List<ChangeView> changes) {

    /** As much as one reads. */
    private static final int HISTORY = 20;

    /**
     * @param outcome applied or failed
     * @param plan SHA-256 of the plan's file
     * @param counts of resources by what the plan does to them
     * @param summary the same, for people to read
     * @param who approved it, else started the run
     * @param approved whether {@code who} are approvers
     * @param run address of the run, or null; only http and https
     * @param sourceCommit what the plan was made of, or null where it is not known
     */
    record ChangeView(
            String at,
            String kind,
            String outcome,
            String plan,
            Map<String, Integer> counts,
            String summary,
            List<String> who,
            boolean approved,
            List<String> overridden,
            @CheckForNull String run,
            @CheckForNull String sourceCommit) {}

    /** Null where there is no Terraform, as far as it is known. */
    @CheckForNull
    static InfrastructureView of(Ledger ledger, String application, Environment declared) {
        String environment = declared.name();
        List<InfrastructureChange> all = ledger.infrastructure(application, environment);
        return all.isEmpty() && declared.terraform().isEmpty()
                ? null
                : new InfrastructureView(
                        ledger.drift(application, environment)
                                .map(drift -> drift.since().toString())
                                .orElse(null),
                        ledger.drift(application, environment)
                                .map(drift -> drift.last().summary())
                                .orElse(null),
                        all.stream()
                                .filter(change -> change.outcome().isApply())
                                .limit(HISTORY)
                                .map(InfrastructureView::view)
                                .toList());
    }

    private static ChangeView view(InfrastructureChange change) {
        Trailers trailers = change.trailers();
        return new ChangeView(
                change.at().toString(),
                "INFRASTRUCTURE",
                change.outcome().name(),
                change.plan(),
                change.counts(),
                change.summary(),
                change.who(),
                !trailers.values(Trailers.APPROVED_BY).isEmpty(),
                trailers.values(Trailers.OVERRIDE),
                trailers.value(Trailers.RUN)
                        .filter(address -> address.matches("https?://\\S+"))
                        .orElse(null),
                change.sourceCommit().orElse(null));
    }
}
