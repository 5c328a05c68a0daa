package io.jenkins.plugins.gitops.engine.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** A string, number, truth value or nothing. */
public final class ScalarNode extends YamlNode {

    private final ScalarEvent event;
    private final boolean inFlow;

    ScalarNode(Place place, ScalarEvent event, boolean inFlow) {
        super(place);
        this.event = event;
        this.inFlow = inFlow;
    }

    /** The text without quotes and escapes; YAML types are not interpreted: {@code 1.20} is {@code "1.20"}. */
    public String value() {
        return event.getValue();
    }

    /** The explicit tag in its long form, for example {@code tag:yaml.org,2002:str}. */
    public Optional<String> tag() {
        return event.getTag();
    }

    /** Written without quotes and on no lines of its own. */
    public boolean isPlain() {
        return event.isPlain();
    }

    /** Whether nothing is written, or {@code null} in one of its spellings. */
    public boolean isNull() {
        return isPlain() && StringRules.isNull(value());
    }

    /** Whether every YAML 1.1 and 1.2 reader takes it for a string. */
    public boolean isString() {
        return StringRules.isString(event);
    }

    ScalarEvent event() {
        return event;
    }

    ScalarStyle style() {
        return event.getScalarStyle();
    }

    boolean isBlock() {
        return event.isLiteral() || event.isFolded();
    }

    boolean inFlow() {
        return inFlow;
    }

    @Override
    public String kind() {
        long lines = value().lines().count();
        return isNull() ? "empty" : lines > 1 ? "a string of " + lines + " lines" : "one value";
    }
}
