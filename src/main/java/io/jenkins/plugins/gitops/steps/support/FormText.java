package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.StaplerRequest2;

/** Lists and maps as the forms of the Snippet Generator write them: an entry on each line. */
public final class FormText {

    private FormText() {}

    /** Takes a text field out of the form, so that binding the rest does not see it. */
    @NonNull
    public static String take(@NonNull JSONObject form, @NonNull String field) {
        String text = form.optString(field);
        form.remove(field);
        return text;
    }

    /** The step that the rest of the form makes; a step's form never comes without its request. */
    @NonNull
    public static <S extends Step> S bind(
            @CheckForNull StaplerRequest2 request, @NonNull Class<S> step, @NonNull JSONObject form) {
        if (request == null) {
            throw new IllegalArgumentException("the form of a step comes with a request");
        }
        return request.bindJSON(step, form);
    }

    @NonNull
    public static List<String> list(@NonNull String text) {
        return Arrays.stream(text.split("[\\r\\n]+"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @NonNull
    public static String of(@CheckForNull List<String> list) {
        return list == null ? "" : String.join("\n", list);
    }

    /** {@code name=value} on each line; a line without a sign of equality has an empty value. */
    @NonNull
    public static Map<String, String> map(@NonNull String text) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String line : list(text)) {
            int at = line.indexOf('=');
            map.put(
                    at < 0 ? line : line.substring(0, at).strip(),
                    at < 0 ? "" : line.substring(at + 1).strip());
        }
        return map;
    }

    @NonNull
    public static String of(@CheckForNull Map<String, String> map) {
        return map == null
                ? ""
                : map.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n"));
    }
}
