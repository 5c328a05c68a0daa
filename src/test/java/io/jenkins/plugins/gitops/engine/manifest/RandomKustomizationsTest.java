package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bumps one image of a random kustomization, there or not yet: it is read back, and no other image moves. */
class RandomKustomizationsTest {

    private static final int TRIES = Integer.getInteger("gitops.soak.tries", 12_000) / 4;
    private static final ManifestFile FILE = new ManifestFile.Kustomization("kustomization.yaml");
    private static final List<String> TAGS =
            List.of("v1.2.3", "1.20", "0123", "1e3", "main-3f2c1a9", "2024-01-01", "null");
    private static final String DIGEST = "sha256:" + "0f".repeat(32);
    private static final Map<String, String> REPOSITORIES = Map.of(
            "a", "ghcr.io/acme/a", "b", "ghcr.io/acme/b", "c", "registry.example:5000/c", "d", "nginx", "e", "acme/e");

    private final ManifestFiles editor = new ManifestFiles();

    @Test
    void anImageMovesAlone() {
        for (int seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            String text = kustomization(random);
            String image = List.of("a", "b", "c", "d", "e").get(random.nextInt(5));
            ImageReference wanted = reference(random, REPOSITORIES.get(image));
            try {
                bump(text.getBytes(StandardCharsets.UTF_8), image, wanted);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + wanted + " into\n" + text + "\n" + e.getMessage(), e);
            }
        }
    }

    private void bump(byte[] content, String image, ImageReference wanted) {
        Map<String, Version> expected = new HashMap<>(editor.images(FILE, content, REPOSITORIES));
        byte[] edited = editor.write(FILE, content, REPOSITORIES, Map.of(image, wanted));
        ImageReference old = (ImageReference) expected.get(image);
        expected.put(image, old == null ? wanted : wanted.withRepository(old.repository()));
        assertThat(editor.images(FILE, edited, REPOSITORIES)).isEqualTo(expected);
        assertThat(Arrays.equals(editor.write(FILE, edited, REPOSITORIES, Map.of(image, wanted)), edited))
                .isTrue();
    }

    private static ImageReference reference(Random random, String repository) {
        String tag = random.nextInt(4) == 0 ? null : TAGS.get(random.nextInt(TAGS.size()));
        return new ImageReference(repository, tag, tag == null || random.nextInt(3) == 0 ? DIGEST : null);
    }

    private static String kustomization(Random random) {
        String indent = random.nextBoolean() ? "  " : "";
        StringBuilder text =
                new StringBuilder(random.nextBoolean() ? "resources:\n" + indent + "- ../base # 🚀\n\n" : "");
        List<String> names = new ArrayList<>(REPOSITORIES.values());
        Collections.sort(names);
        Collections.shuffle(names, random);
        int entries = random.nextInt(5);
        text.append(entries > 0 ? "images:\n" : random.nextBoolean() ? "images: []\n" : "");
        for (String name : names.subList(0, entries)) {
            text.append(random.nextInt(4) == 0 ? entryInFlow(random, name, indent) : entry(random, name, indent));
        }
        text.append(random.nextBoolean() ? "# end\n" : "");
        String lines = random.nextInt(4) == 0 ? text.toString().stripTrailing() : text.toString();
        return random.nextInt(4) == 0 ? lines.replace("\n", "\r\n") : lines;
    }

    private static String entry(Random random, String name, String indent) {
        List<String> fields = new ArrayList<>(List.of("name: " + name));
        if (random.nextInt(3) > 0) {
            fields.add("newTag: '" + TAGS.get(random.nextInt(TAGS.size())) + "' # {\"$imagepolicy\": \"x:y\"}");
        }
        if (random.nextInt(3) == 0) {
            fields.add("newName: mirror.example/" + name.replace(':', '-'));
        }
        if (random.nextInt(3) == 0) {
            fields.add("digest: " + DIGEST.replace('0', '1'));
        }
        Collections.shuffle(fields, random);
        String comment = random.nextInt(3) == 0 ? "\n" + indent + "  # why" : "";
        return indent + "- " + String.join(comment + "\n" + indent + "  ", fields) + "\n";
    }

    private static String entryInFlow(Random random, String name, String indent) {
        return indent + "- {name: \"" + name + "\", newTag: \"" + TAGS.get(random.nextInt(TAGS.size())) + "\"}\n";
    }
}
