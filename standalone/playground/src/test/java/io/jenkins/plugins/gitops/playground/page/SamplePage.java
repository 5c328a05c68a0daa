package io.jenkins.plugins.gitops.playground.page;

import io.jenkins.plugins.gitops.playground.SourceTree;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.util.List;
import java.util.Map;

/** The page with made-up surroundings, to look at it without a Git server and a cluster. */
final class SamplePage implements Surroundings {

    PageServer serve(SourceTree tree, Runs runs) throws Exception {
        PageServer server = new PageServer(0);
        Examples examples = new Examples(tree.examples());
        new Page(this, new Page.Operations(examples, runs, new RunActions(), tree.webapp())).addTo(server);
        return server.start();
    }

    @Override
    public void prepare(String example) {
        // nothing runs here
    }

    @Override
    public List<ApplicationView> applications() {
        return List.of(new ApplicationView(
                "shop",
                List.of(
                        target("dev", "4f0c2d9be1a04b6f8d3f5a6b7c8d9e0f1a2b3c4d", "Synced", "Healthy", ""),
                        target("staging", "v1.8.2", "OutOfSync", "Progressing", "Syncing to 1234567"),
                        target("prod", "v1.8.1", "Synced", "Degraded", "Deployment shop-api: <b>back-off</b>"))));
    }

    private static TargetView target(String name, String version, String sync, String health, String message) {
        return new TargetView(
                "shop/" + name,
                name,
                "shop-" + name,
                Map.of("api", version, "worker", "v1.8.2"),
                sync,
                health,
                "1234567",
                message);
    }

    @Override
    public List<CommitView> commits() {
        return List.of(new CommitView("0123456789abcdef", "Jenkins", "shop: bump <script>alert(1)</script> in dev"));
    }

    @Override
    public List<?> pulls() {
        return List.of();
    }

    @Override
    public void act(int pull, String verb, String user) {
        // nothing runs here
    }

    @Override
    public String cloneUrl() {
        return "http://127.0.0.1:1/config.git";
    }
}
