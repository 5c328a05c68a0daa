package io.jenkins.plugins.gitops.playground.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What axe-core finds wrong with a page, for people who see, hear or move differently. */
public final class Accessibility {

    private static final String AXE = read();

    private Accessibility() {}

    /**
     * Violations of every rule of axe-core, best practices too: one line for each element that breaks one.
     *
     * @param selector of the part of the page to look at
     */
    @NonNull
    public static List<String> violations(@NonNull Tab tab, @NonNull String selector) {
        tab.evaluate(AXE + "; true");
        JsonNode found = tab.evaluate("axe.run('" + selector + "', { resultTypes: ['violations'] })"
                + ".then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>"
                + " nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary}`)))");
        List<String> violations = new ArrayList<>();
        found.forEach(line -> violations.add(line.asText()));
        return violations;
    }

    /**
     * In forced colours and with reduced motion, in a window of 1,280 pixels at 200 %, which has room for 640: everything
     * fits, nothing moves and axe finds nothing wrong.
     */
    public static void assertEnlargedInForcedColours(@NonNull Tab tab, @NonNull String selector) {
        tab.prefer(Map.of("forced-colors", "active", "prefers-reduced-motion", "reduce"))
                .resize(640, 450);
        assertThat(violations(tab, selector)).isEmpty();
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(640);
        assertThat(tab.evaluate("document.getAnimations().length").asInt()).isZero();
    }

    private static String read() {
        try (InputStream script = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
