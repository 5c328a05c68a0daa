package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.SourceTree;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.SourceCode;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The pages of deployments of a large Jenkins, whose answers are made up in the browser. */
final class LargeJenkins implements AutoCloseable {

    private final PageServer server;

    private LargeJenkins(PageServer server) {
        this.server = server;
    }

    @NonNull
    static LargeJenkins open(@NonNull Path folder) throws Exception {
        SourceTree tree = SourceTree.find();
        Runs runs = new Runs(
                new StandIn().install().withAccess((somebody, permission, where) -> true),
                new SourceCode(tree.root(), folder.resolve("source")),
                folder,
                tree.tools(),
                OutputStream.nullOutputStream());
        return new LargeJenkins(new SamplePage().serve(tree, runs));
    }

    /** With the slash that it ends in. */
    @NonNull
    String url() {
        return server.url();
    }

    /** Has every document that the tab loads from now on get made-up answers. */
    @NonNull
    static Tab answers(@NonNull Tab tab, int applications, int gates) throws IOException {
        return tab.before(script("large.js") + "large(" + applications + ", " + gates + ");");
    }

    /** Goes to the page of all deployments and waits for its first row. */
    @NonNull
    Tab visit(@NonNull Tab tab, int applications, int gates) throws IOException {
        return answers(tab, applications, gates)
                .resize(1280, 900)
                .visit(url() + "gitops-deployments/")
                .until("document.querySelector('tbody tr')");
    }

    @NonNull
    static String script(@NonNull String name) throws IOException {
        try (InputStream script = LargeJenkins.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.close();
        new StandIn().install();
    }
}
