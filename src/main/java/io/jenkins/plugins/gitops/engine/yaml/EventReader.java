package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Parses a text to events, and says in a user's words why it cannot. */
final class EventReader {

    /**
     * Far beyond what people nest, well within what every recursive reader downstream survives. Checked while the parser
     * runs, whose time grows with the square of the depth.
     */
    private static final int MAX_DEPTH = 500;

    private EventReader() {}

    static List<Event> read(SourceText source) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source.file())
                .setCodePointLimit(SourceText.MAX_BYTES)
                .build();
        List<Event> events = new ArrayList<>(source.text().length() / 12 + 16);
        try {
            int depth = 0;
            for (Event event : new Parse(settings).parseString(source.text())) {
                depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
                if (depth > MAX_DEPTH) {
                    throw tooDeep(source, event);
                }
                events.add(event);
            }
            return events;
        } catch (MarkedYamlEngineException e) {
            throw refusal(
                    source,
                    e.getProblemMark().or(e::getContextMark).map(Mark::getIndex).orElse(0),
                    e.getProblem());
        } catch (ReaderException e) {
            throw refusal(
                    source,
                    e.getPosition(),
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw refusal(source, 0, e.getMessage());
        }
    }

    private static EditRefusedException tooDeep(SourceText source, Event event) {
        int codePoint = event.getStartMark().orElseThrow().getIndex();
        return new EditRefusedException(
                source.file(),
                source.position(new CodePoints(source.text()).toOffset(codePoint)),
                Refusal.TOO_LARGE,
                "the file is nested deeper than " + MAX_DEPTH + " levels");
    }

    private static EditRefusedException refusal(SourceText source, int codePoint, String problem) {
        int offset = Math.min(
                new CodePoints(source.text()).toOffset(codePoint), source.text().length());
        int braces = source.text().indexOf("{{");
        if (braces >= 0) {
            return new EditRefusedException(
                    source.file(),
                    source.position(braces),
                    Refusal.TEMPLATE,
                    "the file is a Go template, not YAML, from here on; point at the values it is rendered with");
        }
        if (offset < source.text().length() && source.text().charAt(offset) == '\t') {
            return new EditRefusedException(
                    source.file(),
                    source.position(offset),
                    Refusal.TAB_INDENTATION,
                    "a tab is used as indentation, which YAML does not allow; use spaces");
        }
        String oneLine = problem == null
                ? "it cannot be parsed"
                : problem.replaceAll("\\s*\\R\\s*", " ").strip();
        return new EditRefusedException(
                source.file(), source.position(offset), Refusal.SYNTAX, "this is not YAML: " + oneLine);
    }
}
