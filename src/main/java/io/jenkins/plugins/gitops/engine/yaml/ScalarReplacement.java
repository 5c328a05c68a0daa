package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.util.List;

/** Writes another value in the place of a scalar. */
record ScalarReplacement(YamlFile file, ScalarNode node, String value) {

    private static final String STRING_TAG = "tag:yaml.org,2002:str";
    private static final String CORE_TAGS = "tag:yaml.org,2002:";

    ScalarReplacement {
        if (file.isTemplated(node)) {
            throw file.refuse(
                    node,
                    Refusal.TEMPLATE,
                    "a Go template is here; name the place of the value that it is rendered with");
        }
        node.tag()
                .filter(tag -> tag.startsWith(CORE_TAGS) && !tag.equals(STRING_TAG))
                .ifPresent(tag -> {
                    throw file.refuse(
                            node,
                            Refusal.WRONG_KIND,
                            "the value has the tag !!" + tag.substring(CORE_TAGS.length())
                                    + " and cannot hold a string; remove the tag");
                });
    }

    boolean changesSomething() {
        return !node.value().equals(value) || !node.isString();
    }

    Edit inItsStyle() {
        return switch (node.style()) {
            case PLAIN -> isPlain() ? flow(value) : flow(quoted());
            case SINGLE_QUOTED ->
                flow(
                        StringRules.fitsSingleQuotes(value)
                                ? StringRules.singleQuoted(value)
                                : StringRules.doubleQuoted(value));
            case LITERAL, FOLDED ->
                BlockScalar.of(file, node).rewrite(value).map(this::edit).orElseGet(this::inDoubleQuotes);
            default -> inDoubleQuotes();
        };
    }

    Edit inDoubleQuotes() {
        if (node.style().isBlockScalar()) {
            return edit(BlockScalar.of(file, node).replaceBy(StringRules.doubleQuoted(value)));
        }
        return flow(StringRules.doubleQuoted(value));
    }

    private boolean isPlain() {
        if (node.inFlow() && file.layout().quotesOfFile() == Layout.Quotes.ALWAYS) {
            return false;
        }
        boolean hadColon = node.value().indexOf(':') >= 0;
        return StringRules.isSafePlain(value, node.inFlow())
                || (node.inFlow()
                        && hadColon
                        && StringRules.isSafePlain(value.replace(':', '.'), true)
                        && StringRules.isSafePlain(value, false));
    }

    private String quoted() {
        return file.layout().quoted(value);
    }

    /** Replaces the scalar by text that stands on one line. */
    private Edit flow(String written) {
        String text = file.source().text();
        int start = node.contentStart();
        boolean touchesIndicator = start > 0
                && node.end() == start
                && !Character.isWhitespace(text.charAt(start - 1))
                && "{[".indexOf(text.charAt(start - 1)) < 0;
        return edit(List.of(new Splice(start, node.end(), touchesIndicator ? " " + written : written)));
    }

    private Edit edit(List<Splice> splices) {
        ParseEvent wanted = new ParseEvent(
                Kind.SCALAR, 0, 0, value, node.place().anchor(), node.place().tag(), Style.NONE);
        return new Edit(splices, List.of(new Change(node.firstEvent(), node.firstEvent() + 1, List.of(wanted))));
    }
}
