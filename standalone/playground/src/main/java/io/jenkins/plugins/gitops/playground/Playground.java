package io.jenkins.plugins.gitops.playground;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.controller.Controller;
import io.jenkins.plugins.gitops.playground.controller.Gates;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import io.jenkins.plugins.gitops.playground.page.Page;
import io.jenkins.plugins.gitops.playground.page.PageServer;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.SourceCode;
import io.jenkins.plugins.gitops.playground.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Everything together: the Git server and the cluster, the stand-in for Jenkins with the plugin in it, and the page. */
public final class Playground implements AutoCloseable {

    private final World world;
    private final Controller controller;
    private final Examples examples;
    private final Runs runs;
    private final Gates gates;
    private final PageServer server;

    /**
     * How a playground is set up.
     *
     * @param folder empty; everything is kept in there
     * @param port of the page on 127.0.0.1; 0 for any free one
     * @param pace of the cluster
     * @param echo where the runs' logs go as well
     */
    public record Setting(
            @NonNull SourceTree tree,
            @NonNull Path folder,
            int port,
            @NonNull SimulatedArgoCd.Pace pace,
            @NonNull OutputStream echo) {}

    public Playground(@NonNull Setting setting) throws Exception {
        SourceTree tree = setting.tree();
        Path folder = setting.folder();
        server = new PageServer(setting.port());
        world = new World(tree, folder.resolve("git"), setting.pace());
        world.pullRequests().servedAt(server.url() + "pulls/");
        controller = new Controller(world, folder.resolve("jenkins"), server.url());
        examples = new Examples(tree.examples());
        runs = new Runs(
                controller.jenkins(),
                new SourceCode(tree.root(), folder.resolve("source")),
                folder.resolve("workspaces"),
                tree.tools(),
                setting.echo());
        RunActions actions = new RunActions();
        gates = new Gates(runs, actions);
        new Page(world, new Page.Operations(examples, runs, actions, tree.webapp())).addTo(server);
        server.start();
    }

    /** The one address to open. */
    @NonNull
    public String url() {
        return server.url();
    }

    @NonNull
    public World world() {
        return world;
    }

    @NonNull
    public Controller controller() {
        return controller;
    }

    @NonNull
    public Examples examples() {
        return examples;
    }

    @NonNull
    public Runs runs() {
        return runs;
    }

    @NonNull
    public Gates gates() {
        return gates;
    }

    @Override
    public void close() throws IOException {
        server.close();
        controller.close();
        world.close();
    }
}
