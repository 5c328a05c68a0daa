package io.jenkins.plugins.gitops.engine.changes;

import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code gitops-changes.yaml}, which whoever may change the source may write: every list in it is limited. */
public final class ChangeRulesReader {

    /** Of {@code gitops-changes.yaml}. */
    public static final int MOST_BYTES = 64 * 1024;

    private static final int MOST_PATTERNS = 100;
    private static final int LONGEST_PATTERN = 250;
    private static final int MOST_FOLDERS = 6;

    private static final List<String> KEYS = List.of("base", "code", "config", "ignore", "infrastructure");

    private final YamlFile file;
    private final List<Violation> violations = new ArrayList<>();

    private ChangeRulesReader(YamlFile file) {
        this.file = file;
    }

    /** @throws InvalidDeclarationException with every violation and its line */
    public static ChangeRules read(byte[] content) {
        if (content.length > MOST_BYTES) {
            throw invalid(List.of(new Violation(1, "the file is larger than 64 KiB; make it smaller")));
        }
        try {
            ChangeRulesReader reader = new ChangeRulesReader(YamlFile.parse(ChangeRules.FILE, content));
            ChangeRules rules = reader.rules();
            if (!reader.violations.isEmpty()) {
                reader.violations.sort(Comparator.comparingInt(Violation::line));
                throw invalid(reader.violations);
            }
            return rules;
        } catch (EditRefusedException e) {
            throw invalid(List.of(new Violation(e.line(), e.sentence())));
        }
    }

    private static InvalidDeclarationException invalid(List<Violation> violations) {
        return new InvalidDeclarationException(ChangeRules.FILE, violations);
    }

    private ChangeRules rules() {
        List<YamlNode> documents = file.documents();
        if (documents.isEmpty()) {
            return ChangeRules.DEFAULT;
        }
        if (documents.size() > 1) {
            report(documents.get(1), "a second document begins here; write everything into one document");
        }
        if (!(documents.get(0) instanceof MappingNode mapping)) {
            report(documents.get(0), "the file must be a mapping of " + String.join(", ", KEYS));
            return ChangeRules.DEFAULT;
        }
        return rules(mapping);
    }

    private ChangeRules rules(MappingNode mapping) {
        Map<ChangeKind, List<Glob>> patterns = new EnumMap<>(ChangeRules.DEFAULT.patterns());
        List<Glob> ignore = List.of();
        Optional<String> base = Optional.empty();
        Set<String> seen = new LinkedHashSet<>();
        for (MappingNode.Entry entry : mapping.entries()) {
            String key = entry.name().orElse("");
            if (!seen.add(key)) {
                report(entry.key(), "the key '" + Shortened.name(key) + "' is here a second time; remove one");
            } else if (!KEYS.contains(key)) {
                report(entry.key(), "'" + Shortened.name(key) + "' is not known in the file: " + remedy(key));
            } else if (key.equals("base")) {
                base = text(entry.value(), "'base' must be the name of a branch");
            } else if (key.equals("ignore")) {
                ignore = globs(key, entry.value());
            } else {
                patterns.put(ChangeKind.of(key), globs(key, entry.value()));
            }
        }
        return new ChangeRules(patterns, ignore, base);
    }

    private static String remedy(String key) {
        return UnknownNameException.nearest(key, KEYS)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("known are " + String.join(", ", KEYS));
    }

    private List<Glob> globs(String key, YamlNode value) {
        List<YamlNode> items = value instanceof SequenceNode sequence ? sequence.items() : List.of(value);
        if (items.size() > MOST_PATTERNS) {
            report(value, "'" + key + "' has more than " + MOST_PATTERNS + " patterns; write fewer of them");
            return List.of();
        }
        List<Glob> globs = new ArrayList<>();
        for (YamlNode item : items) {
            text(item, "'" + key + "' must be a pattern or a list of patterns").ifPresent(pattern -> {
                problem(pattern).ifPresent(problem -> report(item, problem));
                globs.add(Glob.ofFiles(pattern));
            });
        }
        return globs;
    }

    private Optional<String> text(YamlNode node, String otherwise) {
        if (node instanceof ScalarNode scalar && !scalar.value().isBlank() && !scalar.isNull()) {
            return Optional.of(scalar.value().strip());
        }
        report(node, otherwise);
        return Optional.empty();
    }

    private void report(YamlNode at, String problem) {
        violations.add(new Violation(file.line(at), problem));
    }

    /** Why a pattern would match no file of a repository. */
    static Optional<String> problem(String pattern) {
        String shown = "'" + Shortened.name(pattern) + "' ";
        if (pattern.length() > LONGEST_PATTERN) {
            return Optional.of(shown + "is longer than " + LONGEST_PATTERN + " characters; write a shorter pattern");
        }
        if (pattern.startsWith("/") || pattern.startsWith("./") || pattern.startsWith("!") || pattern.contains("\\")) {
            return Optional.of(shown + "matches no file; write it relative to the root of the repository, with '/', '*'"
                    + " and '**', and name exceptions in 'ignore'");
        }
        if (pattern.split("\\*\\*/", -1).length > MOST_FOLDERS + 1) {
            return Optional.of(shown + "has more than " + MOST_FOLDERS + " '**/'; write a simpler pattern");
        }
        return Optional.empty();
    }
}
