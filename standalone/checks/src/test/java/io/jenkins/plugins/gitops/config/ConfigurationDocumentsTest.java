package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.DataBoundSetter;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Configuration as Code of this project sets what the configuration has; a Jenkins applies it in a test of its own. */
class ConfigurationDocumentsTest {

    private static final Path TOP = Path.of("../..");

    @Test
    void theDevelopmentInstanceSetsWhatThereIs() throws Exception {
        Map<?, ?> jenkins = read(Files.readString(TOP.resolve("work/jenkins.yaml")));

        assertThat(jenkins.containsKey("jenkins")).isTrue();
        assertKnown(jenkins);
    }

    @Test
    void theDocumentedExampleSetsWhatThereIs() throws Exception {
        String page = Files.readString(TOP.resolve("docs/jenkins.md"));
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();

        assertKnown(read(page.substring(begin, page.indexOf("```", begin))));
    }

    private static Map<?, ?> read(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static void assertKnown(Map<?, ?> document) {
        Map<?, ?> gitops = (Map<?, ?>) ((Map<?, ?>) document.get("unclassified")).get("gitops");
        assertKnown(gitops, GitOpsConfiguration.class, Set.of());
        assertKnown((Map<?, ?>) gitops.get("defaults"), ConfiguredDefaults.class, Set.of());
        for (Object repository : (List<?>) gitops.get("repositories")) {
            assertKnown((Map<?, ?>) repository, ConfiguredRepository.class, Set.of("name", "url"));
        }
        for (Object connection : (List<?>) gitops.get("argoCdConnections")) {
            assertKnown((Map<?, ?>) connection, ArgoCdConnection.class, Set.of("name", "kind"));
        }
    }

    private static void assertKnown(Map<?, ?> given, Class<?> configured, Set<String> ofConstructor) {
        Set<String> known = Arrays.stream(configured.getMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .map(Method::getName)
                .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
                .collect(Collectors.toSet());
        known.addAll(ofConstructor);
        assertThat(given.keySet().stream().map(String::valueOf).toList())
                .as(configured.getSimpleName())
                .isSubsetOf(known);
    }
}
