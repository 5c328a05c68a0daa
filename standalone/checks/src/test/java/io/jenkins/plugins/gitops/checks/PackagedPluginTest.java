package io.jenkins.plugins.gitops.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code make hpi} packages. Without the packaged file, as in {@code mvn test}, there is nothing to look at. */
class PackagedPluginTest {

    private static final Path HPI = Path.of("../plugin/target/gitops-promotion.hpi");
    private static final String OWN_JAR = "WEB-INF/lib/gitops-promotion.jar";

    private static JarFile hpi;

    @BeforeAll
    static void open() throws IOException {
        assumeThat(HPI).as("the plugin was packaged").exists();
        hpi = new JarFile(HPI.toFile());
    }

    @AfterAll
    static void close() throws IOException {
        if (hpi != null) {
            hpi.close();
        }
    }

    @Test
    void onlyThePluginAndItsBundledLibrariesAreInside() {
        assertThat(hpi.stream().map(JarEntry::getName))
                .filteredOn(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                .map(name -> name.substring("WEB-INF/lib/".length()).replaceFirst("-[0-9][^/]*(?=\\.jar)", ""))
                .containsExactlyInAnyOrder("gitops-promotion.jar", "itu.jar", "json-schema-validator.jar");
    }

    @Test
    void noTypeOfJenkinsOrOfAnApiPluginIsInside() throws IOException {
        for (String jar : hpi.stream()
                .map(JarEntry::getName)
                .filter(name -> name.endsWith(".jar"))
                .toList()) {
            assertThat(classesIn(jar))
                    .as(jar)
                    .noneMatch(name -> name.matches(
                            "(hudson|jenkins|org/jenkinsci|org/kohsuke|com/cloudbees|org/eclipse/jgit|io/fabric8|software/amazon"
                                    + "|com/fasterxml|org/snakeyaml|okhttp3|io/jenkins/plugins/gitops/standalone)/.*"));
        }
    }

    @Test
    void theManifestNamesThePluginAndWhatItNeeds() throws IOException {
        var attributes = hpi.getManifest().getMainAttributes();

        assertThat(attributes.getValue("Short-Name")).isEqualTo("gitops-promotion");
        assertThat(attributes.getValue("Long-Name")).isEqualTo("GitOps Promotion");
        assertThat(attributes.getValue("Jenkins-Version")).isEqualTo("2.541.3");
        assertThat(attributes.getValue("Java-Version")).isEqualTo("17");
        assertThat(attributes.getValue("Plugin-Version")).isEqualTo("1.0-SNAPSHOT");
        assertThat(attributes.getValue("Implementation-Version")).isEqualTo("1.0-SNAPSHOT");
        assertThat(attributes.getValue("Plugin-Dependencies").split(","))
                .contains(
                        "workflow-step-api:724.v538c2362b_dfb_", "credentials:1511.v2e3cb_0008ef0", "git-client:6.6.1");
    }

    /** Jenkins refuses to save classes of a jar that does not say which plugin it belongs to. */
    @Test
    void thePluginsOwnJarSaysWhichPluginItIs() throws IOException {
        try (JarInputStream jar = own(OWN_JAR)) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Short-Name"))
                    .isEqualTo("gitops-promotion");
            assertThat(jar.getManifest().getMainAttributes().getValue("Plugin-Version"))
                    .isEqualTo("1.0-SNAPSHOT");
        }
    }

    @Test
    void theExtensionIndexAndTheSymbolsAreInside() throws IOException {
        assertThat(text("META-INF/annotations/hudson.Extension.txt"))
                .contains("io.jenkins.plugins.gitops.config.GitOpsConfiguration")
                .contains("io.jenkins.plugins.gitops.steps.bump.BumpImageStep$DescriptorImpl");
        assertThat(text("META-INF/services/annotations/org.jenkinsci.Symbol"))
                .contains("io.jenkins.plugins.gitops.config.GitOpsConfiguration");
        assertThat(text("index.jelly")).contains("escape-by-default='true'");
    }

    private static String text(String entry) throws IOException {
        try (JarInputStream jar = own(OWN_JAR)) {
            for (JarEntry next = jar.getNextJarEntry(); next != null; next = jar.getNextJarEntry()) {
                if (next.getName().equals(entry)) {
                    return new String(jar.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                }
            }
        }
        throw new AssertionError("no " + entry + " in " + OWN_JAR);
    }

    private static List<String> classesIn(String jar) throws IOException {
        List<String> names = new java.util.ArrayList<>();
        try (JarInputStream entries = own(jar)) {
            for (JarEntry next = entries.getNextJarEntry(); next != null; next = entries.getNextJarEntry()) {
                if (next.getName().endsWith(".class")) {
                    names.add(next.getName());
                }
            }
        }
        return names;
    }

    private static JarInputStream own(String jar) throws IOException {
        return new JarInputStream(new ByteArrayInputStream(
                hpi.getInputStream(hpi.getJarEntry(jar)).readAllBytes()));
    }
}
