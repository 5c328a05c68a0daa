package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsPanel;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The plugin's own panels, made from the Jelly views and the texts that Jenkins uses: the element that the plugin's
 * script fills. Of Jelly it knows the few expressions that stand in that one element.
 */
final class PluginPanel {

    private static final Pattern ELEMENT =
            Pattern.compile("<div class=\"(?<name>gitops-[a-z]+)\"(?<attributes>[^>]*)/>");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(?<expression>[^}]*)\\}");

    private PluginPanel() {}

    /** Gates, as somebody with these permissions sees them. */
    @NonNull
    static String gates(@NonNull GateRecords gates) throws IOException {
        return html(
                GateRecords.class,
                "panel",
                Map.of(
                        "it.endpoint", gates.getEndpoint(),
                        "it.approver", String.valueOf(gates.isApprover()),
                        "it.overrider", String.valueOf(gates.isOverrider())));
    }

    /** Deployments, as somebody with these permissions sees them. */
    @NonNull
    static String deployments(@NonNull DeploymentsPanel panel) throws IOException {
        return html(
                DeploymentsPanel.class,
                "panel",
                Map.of(
                        "it.endpoint", panel.getEndpoint(),
                        "it.jobName", panel.getJobName(),
                        "it.promoter", String.valueOf(panel.isPromoter()),
                        "it.roller", String.valueOf(panel.isRoller()),
                        "it.locker", String.valueOf(panel.isLocker()),
                        "it.stopper", String.valueOf(panel.isStopper()),
                        "it.approver", String.valueOf(panel.isApprover())));
    }

    /** How applications are delivered. */
    @NonNull
    static String figures(@NonNull DeploymentsPanel panel) throws IOException {
        return html(DeploymentsPanel.class, "figuresPanel", Map.of("it.endpoint", panel.getEndpoint()));
    }

    private static String html(Class<?> owner, String view, Map<String, String> values) throws IOException {
        Properties texts = new Properties();
        texts.load(new StringReader(read(owner, view + ".properties")));
        Matcher element = ELEMENT.matcher(read(owner, view + ".jelly"));
        if (!element.find()) {
            throw new IllegalStateException("the view " + view + " of " + owner + " has no element for its script");
        }
        String attributes = EXPRESSION
                .matcher(element.group("attributes"))
                .replaceAll(found -> Matcher.quoteReplacement(escape(value(found.group(1), values, texts))));
        return "<div class=\"" + element.group("name") + "\"" + attributes + "></div>";
    }

    private static String value(String expression, Map<String, String> values, Properties texts) {
        String value = expression.startsWith("%")
                ? texts.getProperty(expression.substring(1))
                : expression.equals("rootURL") ? "" : values.get(expression);
        if (value == null) {
            throw new IllegalStateException("the playground does not know the expression " + expression);
        }
        return value;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    private static String read(Class<?> owner, String file) throws IOException {
        try (InputStream content = owner.getResourceAsStream(owner.getSimpleName() + "/" + file)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
