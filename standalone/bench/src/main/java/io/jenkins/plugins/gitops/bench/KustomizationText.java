package io.jenkins.plugins.gitops.bench;

import java.nio.charset.StandardCharsets;

/** A kustomization with many images, as benchmarks edit it: the one in the middle. */
final class KustomizationText {

    private static final String ENTRY = """
          - name: ghcr.io/acme/service-%d
            newTag: v1.%d.0 # {"$imagepolicy": "shop:service-%d:tag"}
        """;

    private KustomizationText() {}

    /** @param bytes the least size; the text is at most one entry longer */
    static byte[] ofAtLeast(int bytes) {
        StringBuilder text = new StringBuilder("resources:\n  - ../base\n\nimages:\n");
        for (int i = 0; text.length() < bytes; i++) {
            text.append(String.format(ENTRY, i, i, i));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The repository of the entry in the middle. */
    static String repositoryInTheMiddle(byte[] content) {
        long entries = new String(content, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("name:"))
                .count();
        return "ghcr.io/acme/service-" + entries / 2;
    }
}
