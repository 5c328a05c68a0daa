package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read stands in property files, where it can be translated: none of it in a view or a script. */
class PageTextsTest {

    private static final Path MAIN = SourceTree.root().resolve("src/main");
    private static final Path VIEWS = MAIN.resolve("resources/io/jenkins/plugins/gitops");

    /** Attributes that people see or hear; an example of a value, as 15m, is no text. */
    private static final Pattern SEEN = Pattern.compile(
            "\\b(?:title|description|placeholder|alt|aria-label|progress|tooltip|header|add)=\"([^\"]*)\"");

    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");

    /** A string in a script that begins as a sentence or a label does. */
    private static final Pattern LABEL = Pattern.compile("(['\"`])\\p{Lu}\\p{Ll}+(?:[ .:!?…][^'\"`]*)?\\1");

    /** A header's name, and Argo CD's words that are compared: nothing that the script shows. */
    private static final Set<String> NO_TEXT = Set.of("'Accept'", "'Degraded'", "'Missing'", "'Healthy'", "'Synced'");

    static Stream<Path> views() throws IOException {
        return files(VIEWS, ".jelly");
    }

    static Stream<Path> scripts() throws IOException {
        return files(MAIN.resolve("webapp"), ".js");
    }

    private static Stream<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("views")
    void aViewHasNoTextOfItsOwn(Path view) throws IOException {
        String jelly = Files.readString(view).replaceAll("(?s)<!--.*?-->|<\\?.*?\\?>", "");
        Stream<String> seen = SEEN.matcher(jelly).results().map(found -> found.group(1));

        assertThat(Stream.concat(Stream.of(jelly.replaceAll("(?s)<[^>]*>", " ")), seen)
                        .map(text -> text.replaceAll("\\$\\{[^}]*\\}", "").strip())
                        .filter(text -> WORD.matcher(text).find()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptHasNoTextOfItsOwn(Path script) throws IOException {
        String code = Files.readString(script).replaceAll("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$", "");

        assertThat(LABEL.matcher(code).results().map(found -> found.group())).allMatch(NO_TEXT::contains);
    }

    @Test
    void theRulesFindWhatTheyLookFor() {
        assertThat("element('p', {}, 'Nothing yet')").containsPattern(LABEL);
        assertThat("text(`Done`)").containsPattern(LABEL);
        assertThat("<f:entry title=\"Name\"/>").containsPattern(SEEN);
    }

    @ParameterizedTest
    @CsvSource({
        "pages/gate/GateRecords/panel, gates.js gate.js decision.js",
        "pages/deployments/DeploymentsPanel/panel, deployments.js cards.js orders.js flow.js filters.js matrix.js"
                + " waiting.js compare.js"
    })
    void theScriptHasEveryTextThatItAsksFor(String view, String scripts) throws IOException {
        Properties texts = new Properties();
        try (Reader reader = Files.newBufferedReader(VIEWS.resolve(view + ".properties"))) {
            texts.load(reader);
        }
        Set<String> given = Pattern.compile("data-text-[a-z_-]+=\"\\$\\{%(\\w+)}\"")
                .matcher(Files.readString(VIEWS.resolve(view + ".jelly")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(given).isEqualTo(new TreeSet<>(texts.stringPropertyNames()));

        StringBuilder code = new StringBuilder();
        for (String script : (scripts + " page.js").split(" ")) {
            code.append(Files.readString(MAIN.resolve("webapp/js/" + script)));
        }
        List<String> asked = Pattern.compile("text\\((?:[^'()]*\\? )?'(\\w+)'(?: : '(\\w+)')?")
                .matcher(code)
                .results()
                .flatMap(found -> Stream.of(found.group(1), found.group(2)))
                .filter(key -> key != null)
                .toList();
        assertThat(asked).hasSizeGreaterThan(10);
        assertThat(given).containsAll(asked);
    }
}
