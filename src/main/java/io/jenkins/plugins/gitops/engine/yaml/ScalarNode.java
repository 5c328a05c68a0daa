package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;

/** A string, number, truth value or nothing. */
public final class ScalarNode extends YamlNode {

    private final int end;
    private final String value;
    private final Style style;
    private final boolean inFlow;

    ScalarNode(Place place, int end, String value, Style style, boolean inFlow) {
        super(place);
        this.end = end;
        this.value = value;
        this.style = style;
        this.inFlow = inFlow;
    }

    /** The text without quotes and escapes; YAML types are not interpreted: {@code 1.20} is {@code "1.20"}. */
    @NonNull
    public String value() {
        return value;
    }

    /** Whether nothing is written, or {@code null} in one of its spellings. */
    public boolean isNull() {
        return style == Style.PLAIN && (value.isEmpty() || StringRules.isNull(value));
    }

    /** Whether every YAML 1.1 and 1.2 reader takes it for a string. */
    public boolean isString() {
        return style != Style.PLAIN
                || tag().filter("tag:yaml.org,2002:str"::equals).isPresent()
                || StringRules.isPlainString(value);
    }

    Style style() {
        return style;
    }

    boolean inFlow() {
        return inFlow;
    }

    @Override
    int end() {
        return end;
    }

    @Override
    int lastEvent() {
        return firstEvent();
    }

    /** Not the value itself: it may be a secret. */
    @Override
    @NonNull
    public String kind() {
        long lines = value.lines().count();
        return isNull() ? "empty" : lines > 1 ? "a string of " + lines + " lines" : "one value";
    }
}
