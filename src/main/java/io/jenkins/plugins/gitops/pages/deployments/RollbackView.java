package io.jenkins.plugins.gitops.pages.deployments;

import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import java.util.List;
import java.util.Map;

/**
 * What the button to roll back brings back.
 *
 * @param commit of the deployment that comes back
 * @param images what it ran
 * @param passedOver images of the releases between, newest first, that nobody saw healthy
 */
record RollbackView(String commit, Map<String, String> images, List<Map<String, String>> passedOver) {

    private static final int MOST_PASSED_OVER = 5;

    static RollbackView of(Deployment good, Ledger ledger) {
        return new RollbackView(
                good.commit(),
                DeploymentsView.texts(good.images()),
                ledger.passedOver(good).stream()
                        .map(Deployment::images)
                        .distinct()
                        .limit(MOST_PASSED_OVER)
                        .map(DeploymentsView::texts)
                        .toList());
    }
}
