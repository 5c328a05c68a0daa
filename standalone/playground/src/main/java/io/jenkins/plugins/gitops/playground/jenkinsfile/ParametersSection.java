package io.jenkins.plugins.gitops.playground.jenkinsfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code parameters { … }}. */
final class ParametersSection extends Section {

    private final Map<String, Object> defaults = new LinkedHashMap<>();

    public void string(Map<String, Object> parameter) {
        defaults.put(name(parameter), String.valueOf(parameter.getOrDefault("defaultValue", "")));
    }

    public void text(Map<String, Object> parameter) {
        string(parameter);
    }

    public void booleanParam(Map<String, Object> parameter) {
        defaults.put(name(parameter), Boolean.TRUE.equals(parameter.get("defaultValue")));
    }

    /** The first choice is the default. */
    public void choice(Map<String, Object> parameter) {
        List<?> choices = parameter.get("choices") instanceof List<?> list
                ? list
                : String.valueOf(parameter.get("choices")).lines().toList();
        defaults.put(name(parameter), String.valueOf(choices.get(0)));
    }

    Map<String, Object> defaults() {
        return defaults;
    }

    private static String name(Map<String, Object> parameter) {
        return String.valueOf(parameter.get("name"));
    }
}
