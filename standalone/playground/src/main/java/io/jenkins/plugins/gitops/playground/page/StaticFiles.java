package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsPanel;
import io.jenkins.plugins.gitops.pages.deployments.JobDeployments;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page itself, its style sheet and script, and the plugin's own. */
final class StaticFiles {

    private static final String ASSETS = "/assets/";
    private static final String NO_RUN = "<p class=\"pg-quiet\">Start a run, or choose one.</p>";
    private static final Map<String, String> OWN =
            Map.of("playground.css", "text/css", "playground.js", "text/javascript", "pulls.js", "text/javascript");
    /** Of the plugin, below its webapp: {@code css/gitops.css}, {@code js/page.js}. */
    private static final Pattern OF_PLUGIN = Pattern.compile("[a-z]+\\.(?<folder>css|js)");

    private final Crumb crumb;
    private final Path webapp;

    /** @param webapp what Jenkins serves of the plugin */
    StaticFiles(Crumb crumb, Path webapp) {
        this.crumb = crumb;
        this.webapp = webapp;
    }

    /** @param run whose gates the page shows */
    @NonNull
    Answer page(@NonNull Optional<PlaygroundRun> run) throws IOException {
        return Answer.text(
                "text/html",
                own("index.html")
                        .replace("@CRUMB@", crumb.value())
                        .replace("@GATES@", run.isPresent() ? PluginPanel.gates(GateAction.of(run.get())) : NO_RUN)
                        .replace("@DEPLOYMENTS@", DeploymentsHost.address(run)));
    }

    /** Of the simulated server of pull requests. */
    @NonNull
    Answer pulls() throws IOException {
        return Answer.text("text/html", own("pulls.html").replace("@CRUMB@", crumb.value()));
    }

    @NonNull
    Answer deployments(@NonNull DeploymentsPanel panel) throws IOException {
        return panel(panel.getDisplayName(), PluginPanel.deployments(panel));
    }

    @NonNull
    Answer figures(@NonNull DeploymentsPanel panel) throws IOException {
        return panel("Delivery figures", PluginPanel.figures(panel));
    }

    @NonNull
    Answer gates(@NonNull JobDeployments.JobGatesPage page) throws IOException {
        return panel(page.getDisplayName(), PluginPanel.gates(page.getRecords()));
    }

    private Answer panel(String title, String panel) throws IOException {
        return Answer.text(
                "text/html",
                own("deployments.html")
                        .replace("@CRUMB@", crumb.value())
                        .replace("@TITLE@", title)
                        .replace("@PANEL@", panel));
    }

    @NonNull
    Answer asset(@NonNull PageRequest request) throws IOException {
        String name = request.path().substring(ASSETS.length());
        if (OWN.containsKey(name)) {
            return Answer.text(OWN.get(name), own(name));
        }
        Matcher ofPlugin = OF_PLUGIN.matcher(name);
        if (ofPlugin.matches()) {
            String kind = ofPlugin.group("folder");
            Path file = webapp.resolve(kind).resolve(name);
            if (Files.isRegularFile(file)) {
                return Answer.text(kind.equals("css") ? "text/css" : "text/javascript", Files.readString(file));
            }
        }
        return Answer.refused(404, "There is no page at " + request.path() + ".");
    }

    private static String own(String name) throws IOException {
        try (InputStream content = StaticFiles.class.getResourceAsStream(name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
