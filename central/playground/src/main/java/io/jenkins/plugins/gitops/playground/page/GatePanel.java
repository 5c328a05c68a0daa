package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.gate.GateAction;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The plugin's own gate panel, made from the Jelly view and the texts that Jenkins uses: the element that the plugin's
 * script fills. Of Jelly it knows the few expressions that stand in that one element.
 */
final class GatePanel {

    private static final Pattern ELEMENT = Pattern.compile("<div class=\"gitops-gates\"(?<attributes>[^>]*)/>");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(?<expression>[^}]*)\\}");

    private GatePanel() {}

    /** For a run, as somebody with these permissions sees it. */
    @NonNull
    static String html(@NonNull PlaygroundRun run) throws IOException {
        GateAction action = GateAction.of(run);
        Properties texts = new Properties();
        texts.load(new StringReader(read("index.properties")));
        Matcher element = ELEMENT.matcher(read("index.jelly"));
        if (!element.find()) {
            throw new IllegalStateException("the gate's view has no element of class gitops-gates");
        }
        String attributes = EXPRESSION
                .matcher(element.group("attributes"))
                .replaceAll(found ->
                        Matcher.quoteReplacement(escape(value(found.group(1), action, run, texts::getProperty))));
        return "<div class=\"gitops-gates\"" + attributes + "></div>";
    }

    private static String value(
            String expression, GateAction action, PlaygroundRun run, Function<String, String> texts) {
        if (expression.startsWith("%")) {
            return texts.apply(expression.substring(1));
        }
        return switch (expression) {
            case "rootURL" -> "";
            case "it.object.url" -> run.getUrl();
            case "it.urlName" -> action.getUrlName();
            case "it.approver" -> String.valueOf(action.isApprover());
            case "it.overrider" -> String.valueOf(action.isOverrider());
            default -> throw new IllegalStateException("the playground does not know the expression " + expression);
        };
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    private static String read(String view) throws IOException {
        String name = GateAction.class.getSimpleName() + "/" + view;
        try (InputStream content = GateAction.class.getResourceAsStream(name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
