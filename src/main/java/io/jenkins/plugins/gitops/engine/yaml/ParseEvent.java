package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a parser says of a text, piece by piece; in the order of
 * <a href="https://yaml.org/spec/1.2.2/#31-processes">YAML's serialization events</a>.
 *
 * @param start UTF-16 offset
 * @param end behind the last character; of a collection's start and of a document it says nothing
 * @param value a scalar's text, an alias' name, a document's directives; else empty
 * @param anchor or null
 * @param tag in its long form, or null
 */
record ParseEvent(Kind kind, int start, int end, String value, String anchor, String tag, Style style) {

    enum Kind {
        STREAM_START,
        STREAM_END,
        DOCUMENT_START,
        DOCUMENT_END,
        MAPPING_START,
        MAPPING_END,
        SEQUENCE_START,
        SEQUENCE_END,
        SCALAR,
        ALIAS
    }

    /** How it is written, which is all that may differ in an edited value. */
    enum Style {
        NONE,
        /** A document with its marker. */
        EXPLICIT,
        /** A document without its marker. */
        IMPLICIT,
        BLOCK,
        FLOW,
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        LITERAL,
        FOLDED;

        boolean isBlockScalar() {
            return this == LITERAL || this == FOLDED;
        }
    }

    static ParseEvent of(Kind kind, int start, int end, Style style) {
        return new ParseEvent(kind, start, end, "", null, null, style);
    }

    static ParseEvent scalar(int start, int end, String value, Style style) {
        return new ParseEvent(Kind.SCALAR, start, end, value, null, null, style);
    }

    /** One that stands nowhere: what an edit wants to see. */
    static ParseEvent wanted(Kind kind) {
        return of(kind, 0, 0, Style.NONE);
    }

    static ParseEvent wanted(String scalar) {
        return scalar(0, 0, scalar, Style.NONE);
    }

    /** What a parser must say once the value is written. */
    static List<ParseEvent> wanted(NewValue value) {
        List<ParseEvent> events = new ArrayList<>();
        if (value instanceof NewValue.Text text) {
            events.add(wanted(text.value()));
        } else if (value instanceof NewValue.Fields map) {
            events.add(wanted(Kind.MAPPING_START));
            map.fields().forEach((key, field) -> {
                events.add(wanted(key));
                events.addAll(wanted(field));
            });
            events.add(wanted(Kind.MAPPING_END));
        } else if (value instanceof NewValue.Items list) {
            events.add(wanted(Kind.SEQUENCE_START));
            list.items().forEach(item -> events.addAll(wanted(item)));
            events.add(wanted(Kind.SEQUENCE_END));
        }
        return events;
    }

    boolean isScalar() {
        return kind == Kind.SCALAR;
    }

    /** Whether both say the same, wherever and however it is written. */
    boolean saysTheSame(ParseEvent other) {
        return kind == other.kind
                && value.equals(other.value)
                && Objects.equals(anchor, other.anchor)
                && Objects.equals(tag, other.tag);
    }
}
