package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Map;

/** Has equal texts in memory once: the commits of a branch repeat the same names, people and images. */
final class SharedTexts {

    private final Map<String, String> known = new HashMap<>();

    @NonNull
    String share(@NonNull String text) {
        return known.computeIfAbsent(text, same -> same);
    }
}
