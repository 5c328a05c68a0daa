package io.jenkins.plugins.gitops.playground.page;

import io.jenkins.plugins.gitops.playground.SourceTree;
import io.jenkins.plugins.gitops.playground.browser.Chromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.SourceCode;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * How long Chromium takes to show the overview of a large Jenkins, with made-up answers: {@code OverviewTime
 * <applications> <gates> <times>}. It is interactive when its first rows were painted and the page's thread is free
 * again, and complete when the last row is there.
 */
public final class OverviewTime {

    private static final double MOST_MILLIS = 1_000;
    private static final double MOST_KIB = 150;

    /** Both times from the beginning of the navigation; a timer runs when the thread is free again. */
    private static final String WATCH = """
        const rows = new MutationObserver(() => {
          const shown = document.querySelectorAll('tbody tr').length;
          if (shown && !window.interactive) {
            requestAnimationFrame(() => setTimeout(() => { window.interactive ??= performance.now(); }));
          }
          if (shown === %d) {
            rows.disconnect();
            requestAnimationFrame(() => setTimeout(() => { window.complete = performance.now(); }));
          }
        });
        rows.observe(document, { childList: true, subtree: true });
        """;

    private OverviewTime() {}

    public static void main(String[] arguments) throws Exception {
        int applications = Integer.parseInt(arguments[0]);
        int gates = Integer.parseInt(arguments[1]);
        int times = Integer.parseInt(arguments[2]);
        Optional<Chromium> browser = Chromium.start();
        if (browser.isEmpty()) {
            System.out.println("Overview in Chromium: not measured, there is none on the PATH");
            return;
        }
        SourceTree tree = SourceTree.find();
        Path folder = Files.createTempDirectory("overview");
        Runs runs = new Runs(
                new StandIn().install().withAccess((somebody, permission, where) -> true),
                new SourceCode(tree.root(), folder.resolve("source")),
                folder,
                tree.tools(),
                OutputStream.nullOutputStream());
        try (PageServer server = new SamplePage().serve(tree, runs)) {
            String script = LargeJenkins.script("large.js") + "large(" + applications + ", " + gates + ");"
                    + WATCH.formatted(applications);
            double[] interactive = new double[times];
            double[] complete = new double[times];
            long bytes = 0;
            for (int i = -1; i < times; i++) { // the first warms up
                Tab tab = browser.get().open();
                tab.before(script);
                tab.resize(1280, 900)
                        .visit(server.url() + "gitops-deployments/")
                        .until("window.complete");
                if (i >= 0) {
                    interactive[i] = tab.evaluate("window.interactive").asDouble();
                    complete[i] = tab.evaluate("window.complete").asDouble();
                }
                bytes = compressed(tab.evaluate("fetch('v1/overview', { headers: {} }).then((answer) => answer.text())")
                        .asText());
                tab.close();
            }
            Arrays.sort(interactive);
            Arrays.sort(complete);
            double kib = bytes / 1024.0;
            System.out.printf(
                    "%nOverview of %,d applications in 5 environments with %d gates in Chromium, %d times: interactive"
                            + " after %.0f ms in the median, %.0f ms at most, the limit is %,.0f: %s; complete after"
                            + " %.0f ms; %.1f KiB compressed, the limit is %.0f: %s%n",
                    applications,
                    gates,
                    times,
                    interactive[times / 2],
                    interactive[times - 1],
                    MOST_MILLIS,
                    interactive[times / 2] <= MOST_MILLIS ? "holds" : "DOES NOT HOLD",
                    complete[times / 2],
                    kib,
                    MOST_KIB,
                    kib <= MOST_KIB ? "holds" : "DOES NOT HOLD");
        }
        browser.get().close();
        // The stand-in for Jenkins keeps a timer.
        System.exit(0);
    }

    private static long compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }
}
