package io.jenkins.plugins.gitops.playground.browser;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tab of {@link Chromium}; what its console complains about is kept. */
public final class Tab implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_STOPS = 100;

    private final Chromium browser;
    private final String session;
    private final String context;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Tab(Chromium browser, String session, String context) {
        this.browser = browser;
        this.session = session;
        this.context = context;
        browser.listen(session, this::hear);
        command("Page.enable", Map.of());
        command("Runtime.enable", Map.of());
        command("Log.enable", Map.of());
        // Else only one tab of the browser has the focus, and key strokes go there.
        command("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    }

    /** Runs a script in every document from now on, before the page's own. */
    @NonNull
    public Tab before(@NonNull String script) {
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
        return this;
    }

    /** Goes to an address and waits until its document is there. */
    @NonNull
    public Tab visit(@NonNull String url) {
        return anotherDocument(() -> command("Page.navigate", Map.of("url", url)));
    }

    /**
     * Does what makes the page leave, as a link, a form or a reload does, and waits until the next document is there.
     * Without it a test may go on in the old document, which is about to vanish.
     */
    @NonNull
    public Tab anotherDocument(@NonNull Runnable action) {
        String left = document();
        try {
            action.run();
        } catch (DocumentLeftException expected) {
            // the page was faster than the answer to what made it leave
        }
        await("another document").atMost(PATIENCE).until(() -> !document().equals(left));
        return until("document.readyState === 'complete'");
    }

    /** Evaluates an expression in the page; a promise is awaited. */
    @NonNull
    public JsonNode evaluate(@NonNull String expression) {
        JsonNode answer = command(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true, across documents if the page leaves meanwhile. */
    @NonNull
    public Tab until(@NonNull String expression) {
        await(expression)
                .atMost(PATIENCE)
                .ignoreException(DocumentLeftException.class)
                .until(() -> evaluate("Boolean(" + expression + ")").asBoolean());
        return this;
    }

    /** Clicks what a CSS selector finds, once it is there. */
    @NonNull
    public Tab click(@NonNull String selector) {
        return act(selector, "found.click()");
    }

    /** Chooses an option or types a text. */
    @NonNull
    public Tab fill(@NonNull String selector, @NonNull String value) {
        return act(
                selector,
                "found.value = '" + value + "'; found.dispatchEvent(new Event('change'));"
                        + " found.dispatchEvent(new Event('input'))");
    }

    /** Strikes a key, as {@code Tab} or {@code Enter}: what has the focus gets it. */
    @NonNull
    public Tab press(@NonNull Key key) {
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> event = new HashMap<>();
            event.put("type", type);
            event.put("key", key.key);
            event.put("code", key.code);
            event.put("windowsVirtualKeyCode", key.number);
            if (type.equals("keyDown")) {
                event.put("text", key.text);
            }
            command("Input.dispatchKeyEvent", event);
        }
        return this;
    }

    /** Types a text where the focus is. */
    @NonNull
    public Tab type(@NonNull String text) {
        command("Input.insertText", Map.of("text", text));
        return this;
    }

    /** Goes on with the Tab key until what a CSS selector finds has the focus. */
    @NonNull
    public Tab reach(@NonNull String selector) {
        for (int stops = 0; stops < MOST_STOPS; stops++) {
            press(Key.TAB);
            if (evaluate("document.activeElement === " + find(selector)).asBoolean()) {
                return this;
            }
        }
        throw new AssertionError("no Tab key leads to " + selector);
    }

    /** A key of the keyboard. */
    public enum Key {
        TAB("Tab", "Tab", 9, ""),
        ENTER("Enter", "Enter", 13, "\r"),
        SPACE(" ", "Space", 32, " "),
        ESCAPE("Escape", "Escape", 27, "");

        private final String key;
        private final String code;
        private final int number;
        private final String text;

        Key(String key, String code, int number, String text) {
            this.key = key;
            this.code = code;
            this.number = number;
            this.text = text;
        }
    }

    /** Finds and acts in one evaluation, so that the page cannot draw itself anew between the two. */
    private Tab act(String selector, String statements) {
        await(selector)
                .atMost(PATIENCE)
                .until(() -> evaluate("(found => { if (found) { " + statements + " } return Boolean(found); })("
                                + find(selector) + ")")
                        .asBoolean());
        return this;
    }

    /** @param width in CSS pixels */
    @NonNull
    public Tab resize(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        command("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        return this;
    }

    /** @param scheme {@code light} or {@code dark} */
    @NonNull
    public Tab prefer(@NonNull String scheme) {
        return prefer(Map.of("prefers-color-scheme", scheme));
    }

    /** @param features of media queries, by name */
    @NonNull
    public Tab prefer(@NonNull Map<String, String> features) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        features.entrySet().stream()
                                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                                .toList()));
        return this;
    }

    /** Saves a PNG of the whole page. */
    public void screenshot(@NonNull Path file) {
        save(file, Map.of("captureBeyondViewport", true));
    }

    /** Saves a PNG of what a CSS selector finds. */
    public void screenshot(@NonNull Path file, @NonNull String selector) {
        JsonNode place = evaluate("(({ x, y, width, height }) => ({ x: x + scrollX - 8, y: y + scrollY - 8,"
                + " width: width + 16, height: height + 16, scale: 1 }))("
                + find(selector) + ".getBoundingClientRect())");
        save(file, Map.of("captureBeyondViewport", true, "clip", place));
    }

    private void save(Path file, Map<String, ?> how) {
        byte[] image = Base64.getDecoder()
                .decode(command("Page.captureScreenshot", how).path("data").asText());
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Errors of the console so far: exceptions, refused requests, violations of the Content Security Policy. */
    @NonNull
    public List<String> complaints() {
        return complaints;
    }

    /** Changes with every document that the tab loads, a reloaded one included. */
    private String document() {
        return command("Page.getFrameTree", Map.of())
                .path("frameTree")
                .path("frame")
                .path("loaderId")
                .asText();
    }

    @Override
    public void close() {
        browser.closeContext(context);
    }

    private JsonNode command(String method, Map<String, ?> parameters) {
        return browser.call(session, method, parameters);
    }

    private void hear(JsonNode event) {
        JsonNode parameters = event.path("params");
        switch (event.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.path("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if ("error".equals(parameters.path("entry").path("level").asText())) {
                    complaints.add(parameters.path("entry").path("text").asText());
                }
            }
            default -> {
                // nothing to hear
            }
        }
    }

    private static String find(String selector) {
        return "document.querySelector(\"" + selector.replace("\"", "\\\"") + "\")";
    }
}
