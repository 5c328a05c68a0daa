package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
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

    private final SourceText source;
    private final CodePoints codePoints;

    private EventReader(SourceText source) {
        this.source = source;
        this.codePoints = new CodePoints(source.text());
    }

    /** @throws EditRefusedException if it is not YAML */
    static List<ParseEvent> read(SourceText source) {
        return new EventReader(source).parse();
    }

    private List<ParseEvent> parse() {
        try {
            return events(source.text());
        } catch (MarkedYamlEngineException e) {
            throw problem().of(e);
        } catch (ReaderException e) {
            throw problem().character(e.getPosition(), e.getCodePoint());
        } catch (YamlEngineException e) {
            throw problem().other(e.getMessage());
        }
    }

    private List<ParseEvent> events(String text) {
        try {
            return parsed(text);
        } catch (MarkedYamlEngineException e) {
            return parsed(SyntaxProblem.withoutSeparatingTabs(text).orElseThrow(() -> e));
        }
    }

    private List<ParseEvent> parsed(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source.file())
                .setCodePointLimit(SourceText.MAX_BYTES)
                // The parser copies what it has of a line with every buffer it reads: all in one, or a long line takes
                // the square of its length.
                .setBufferSize(text.length() + 1)
                .build();
        List<ParseEvent> events = new ArrayList<>(text.length() / 12 + 16);
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            ParseEvent read = convert(event);
            depth += switch (read.kind()) {
                case MAPPING_START, SEQUENCE_START -> 1;
                case MAPPING_END, SEQUENCE_END -> -1;
                default -> 0;
            };
            if (depth > MAX_DEPTH) {
                throw tooDeep(read);
            }
            events.add(read);
        }
        return events;
    }

    private SyntaxProblem problem() {
        return new SyntaxProblem(source, codePoints);
    }

    private ParseEvent convert(Event event) {
        int start = offset(event.getStartMark());
        int end = offset(event.getEndMark());
        return switch (event.getEventId()) {
            case StreamStart -> ParseEvent.of(Kind.STREAM_START, start, end, Style.NONE);
            case StreamEnd -> ParseEvent.of(Kind.STREAM_END, start, end, Style.NONE);
            case DocumentStart -> {
                DocumentStartEvent document = (DocumentStartEvent) event;
                String directives =
                        document.getSpecVersion().map(Object::toString).orElse("") + tags(document);
                Style style = document.isExplicit() ? Style.EXPLICIT : Style.IMPLICIT;
                yield new ParseEvent(Kind.DOCUMENT_START, start, end, directives, null, null, style);
            }
            case DocumentEnd -> {
                Style style = ((DocumentEndEvent) event).isExplicit() ? Style.EXPLICIT : Style.IMPLICIT;
                yield ParseEvent.of(Kind.DOCUMENT_END, start, end, style);
            }
            case MappingStart -> collection(Kind.MAPPING_START, start, end, (CollectionStartEvent) event);
            case SequenceStart -> collection(Kind.SEQUENCE_START, start, end, (CollectionStartEvent) event);
            case MappingEnd -> ParseEvent.of(Kind.MAPPING_END, start, end, Style.NONE);
            case SequenceEnd -> ParseEvent.of(Kind.SEQUENCE_END, start, end, Style.NONE);
            case Scalar -> {
                ScalarEvent scalar = (ScalarEvent) event;
                yield new ParseEvent(
                        Kind.SCALAR,
                        start,
                        end,
                        scalar.getValue(),
                        anchor(scalar.getAnchor()),
                        scalar.getTag().orElse(null),
                        style(scalar.getScalarStyle()));
            }
            case Alias -> {
                String name = ((AliasEvent) event).getAlias().getValue();
                yield new ParseEvent(Kind.ALIAS, start, end, name, null, null, Style.NONE);
            }
            case Comment -> throw new IllegalStateException("comments are not asked for");
        };
    }

    private int offset(Optional<Mark> mark) {
        return codePoints.toOffset(mark.orElseThrow().getIndex());
    }

    private static String tags(DocumentStartEvent document) {
        Map<String, String> tags = document.getTags();
        return tags.isEmpty() ? "" : new TreeMap<>(tags).toString();
    }

    private static ParseEvent collection(Kind kind, int start, int end, CollectionStartEvent event) {
        Style style = event.isFlow() ? Style.FLOW : Style.BLOCK;
        return new ParseEvent(
                kind, start, end, "", anchor(event.getAnchor()), event.getTag().orElse(null), style);
    }

    private static String anchor(Optional<Anchor> anchor) {
        return anchor.map(Anchor::getValue).orElse(null);
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Style.DOUBLE_QUOTED;
            case LITERAL -> Style.LITERAL;
            case FOLDED -> Style.FOLDED;
            case PLAIN -> Style.PLAIN;
        };
    }

    private EditRefusedException tooDeep(ParseEvent event) {
        return new EditRefusedException(
                source.file(),
                source.position(event.start()),
                Refusal.TOO_LARGE,
                "the file is nested deeper than " + MAX_DEPTH + " levels; make it flatter");
    }
}
