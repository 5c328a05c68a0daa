package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.Forms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists and maps as the forms of the Snippet Generator write them: an entry on each line. */
public final class FormText {

    private FormText() {}

    public static List<String> list(@CheckForNull String text) {
        return Forms.lines(text);
    }

    public static String of(List<String> list) {
        return String.join("\n", list);
    }

    /** {@code name=value} on each line; a line without an equals sign has an empty value. */
    public static Map<String, String> map(@CheckForNull String text) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String line : list(text)) {
            String[] pair = line.split("=", 2);
            map.put(pair[0].strip(), pair.length < 2 ? "" : pair[1].strip());
        }
        return map;
    }

    /**
     * Likewise.
     *
     * @param example of a line
     * @throws StepParameterException if a line has no name or no value
     */
    public static Map<String, String> images(String text, String example) {
        Map<String, String> map = map(text);
        map.forEach((name, value) -> {
            if (name.isEmpty() || value.isEmpty()) {
                throw new StepParameterException(
                        "'" + name + value + "' is not an image with its version; write for example " + example + ".");
            }
        });
        return map;
    }

    public static String of(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }
}
