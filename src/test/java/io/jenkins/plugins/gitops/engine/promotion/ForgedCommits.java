package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Writes commits into a bare repository as no honest program would. */
record ForgedCommits(Path bare) {

    Optional<String> signatureOf(String commit) {
        String raw = TestGit.output(bare, "cat-file", "commit", commit);
        int from = raw.indexOf("gpgsig ") + "gpgsig ".length();
        return Optional.of(raw.substring(from, raw.indexOf("-----END SSH SIGNATURE-----") + 27)
                .replace("\n ", "\n"));
    }

    /** The newest commit of a ref once more, with another text under its own signature. */
    void alter(String ref, String from, String to) {
        String raw = TestGit.output(bare, "cat-file", "commit", ref) + "\n";
        store(
                ref,
                raw.replaceFirst("parent [0-9a-f]{40}", "parent " + TestGit.output(bare, "rev-parse", ref))
                        .replace(from, to));
    }

    void commit(String ref, String message, Function<byte[], Optional<String>> signature) {
        commit(ref, message, signature, Instant.now());
    }

    void commit(String ref, String message, Function<byte[], Optional<String>> signature, Instant at) {
        commit(ref, TestGit.output(bare, "rev-parse", ref + "^{tree}"), message, signature, at);
    }

    /** One that leaves nothing but a file. */
    void write(String ref, String file, String text, String message, Function<byte[], Optional<String>> signature) {
        String blob = TestGit.output(bare, text.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
        String tree = TestGit.output(
                bare, ("100644 blob " + blob + "\t" + file + "\n").getBytes(StandardCharsets.UTF_8), "mktree");
        commit(ref, tree, message, signature, Instant.now());
    }

    private void commit(
            String ref, String tree, String message, Function<byte[], Optional<String>> signature, Instant at) {
        String parent = TestGit.output(bare, "rev-parse", ref);
        String person = "Jenkins <jenkins@example.org> " + at.getEpochSecond() + " +0000";
        String head = "tree " + tree + "\nparent " + parent + "\nauthor " + person + "\ncommitter " + person + "\n";
        byte[] content = (head + "\n" + message).getBytes(StandardCharsets.UTF_8);
        StringBuilder headers = new StringBuilder();
        signature.apply(content).ifPresent(text -> {
            for (String one : text.split("\u0000")) {
                headers.append("gpgsig ")
                        .append(one.strip().replace("\n", "\n "))
                        .append('\n');
            }
        });
        store(ref, head + headers + "\n" + message);
    }

    private void store(String ref, String raw) {
        String id = TestGit.output(
                bare,
                raw.getBytes(StandardCharsets.UTF_8),
                "hash-object",
                "-t",
                "commit",
                "-w",
                "--literally",
                "--stdin");
        TestGit.run(bare, "update-ref", ref, id);
    }
}
