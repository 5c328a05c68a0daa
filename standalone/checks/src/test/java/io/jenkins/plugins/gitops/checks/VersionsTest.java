package io.jenkins.plugins.gitops.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The two builds, pom.xml and standalone/, say the same. */
class VersionsTest {

    private static final Document OFFICIAL = read("../../pom.xml");
    private static final Document STANDALONE = read("../pom.xml");

    @Test
    void bothBuildForTheSameJenkins() {
        Map<String, String> official = properties(OFFICIAL);

        assertThat(official.get("jenkins.version").replace("${jenkins.baseline}", official.get("jenkins.baseline")))
                .isEqualTo(properties(STANDALONE).get("jenkins.version"));
    }

    @Test
    void bothGiveThePluginTheSameVersionAndName() {
        Map<String, String> official = properties(OFFICIAL);

        assertThat(official.get("revision") + official.get("changelist")).isEqualTo(child(STANDALONE, "version"));
        assertThat(child(OFFICIAL, "artifactId")).isEqualTo(child(read("../plugin/pom.xml"), "artifactId"));
        assertThat(child(OFFICIAL, "name")).isEqualTo(child(read("../plugin/pom.xml"), "name"));
    }

    @Test
    void everyVersionThatBothNameIsTheSame() {
        Map<String, String> official = properties(OFFICIAL);
        Map<String, String> standalone = properties(STANDALONE);
        official.keySet().retainAll(standalone.keySet());
        official.remove("jenkins.version");
        standalone.keySet().retainAll(official.keySet());

        assertThat(official).hasSizeGreaterThan(3).isEqualTo(standalone);
    }

    @Test
    void theManifestNamesThePluginsThatTheOfficialBuildDependsOn() {
        Set<String> manifest = new TreeSet<>();
        for (String plugin : properties(STANDALONE).get("plugin-dependencies").split(",")) {
            manifest.add(plugin.substring(0, plugin.indexOf(':')));
        }

        assertThat(compileDependencies(OFFICIAL)).isEqualTo(manifest);
    }

    /** Jenkins takes a class from the first of these that has it, and kubernetes-client-api has an old snakeyaml-engine. */
    @Test
    void theNewerSnakeyamlEngineComesBeforeTheOneOfTheKubernetesClient() {
        assertThat(properties(STANDALONE).get("plugin-dependencies")).startsWith("snakeyaml-engine-api:");
        assertThat(OFFICIAL.getElementsByTagName("dependencies")
                        .item(1)
                        .getTextContent()
                        .strip()
                        .split("\\s+"))
                .startsWith("io.jenkins.plugins", "snakeyaml-engine-api");
    }

    /** Those whose versions the BOM manages: the others are bundled libraries. */
    private static Set<String> compileDependencies(Document pom) {
        Set<String> names = new TreeSet<>();
        NodeList dependencies = pom.getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            if (dependency.getElementsByTagName("scope").getLength() == 0
                    && dependency.getElementsByTagName("version").getLength() == 0) {
                names.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent());
            }
        }
        return names;
    }

    private static Map<String, String> properties(Document pom) {
        Map<String, String> values = new TreeMap<>();
        NodeList children = pom.getElementsByTagName("properties").item(0).getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element property) {
                values.put(property.getTagName(), property.getTextContent());
            }
        }
        return values;
    }

    private static String child(Document pom, String name) {
        for (Node node = pom.getDocumentElement().getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return node.getTextContent();
            }
        }
        throw new AssertionError("no " + name);
    }

    private static Document read(String path) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(Path.of(path).toFile());
        } catch (Exception e) {
            throw new AssertionError("cannot read " + path, e);
        }
    }
}
