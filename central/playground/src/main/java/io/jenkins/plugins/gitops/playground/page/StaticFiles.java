package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page itself, its style sheet and its script. */
final class StaticFiles {

    private static final Map<String, String> TYPES =
            Map.of("/assets/playground.css", "text/css", "/assets/playground.js", "text/javascript");

    private final Crumb crumb;

    StaticFiles(Crumb crumb) {
        this.crumb = crumb;
    }

    @NonNull
    Answer page(@NonNull PageRequest request) throws IOException {
        return request.path().equals("/") || request.path().startsWith("/job/")
                ? Answer.text("text/html", read("index.html").replace("@CRUMB@", crumb.value()))
                : Answer.refused(404, "There is nothing at " + request.path() + ".");
    }

    @NonNull
    Answer asset(@NonNull PageRequest request) throws IOException {
        String type = TYPES.get(request.path());
        return type == null
                ? Answer.refused(404, "There is nothing at " + request.path() + ".")
                : Answer.text(type, read(request.path().substring("/assets/".length())));
    }

    private static String read(String name) throws IOException {
        try (InputStream content = StaticFiles.class.getResourceAsStream(name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
