package io.jenkins.plugins.gitops.playground.replay;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The commits of a clone that modified files, read with the {@code git} command. */
final class History implements AutoCloseable {

    /** No file that anybody writes by hand is larger. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /**
     * A commit, against its first parent.
     *
     * @param files which it modified: not those that it added, removed or renamed
     */
    record Commit(String id, String subject, List<Modified> files) {}

    /** @param before and after are ids of blobs */
    record Modified(String path, String before, String after) {}

    private final Path clone;
    private final Process objects;
    private final DataInputStream out;
    private final OutputStream in;

    History(Path clone) throws IOException {
        this.clone = clone;
        this.objects = git("cat-file", "--batch");
        this.out = new DataInputStream(new BufferedInputStream(objects.getInputStream(), 1 << 16));
        this.in = objects.getOutputStream();
    }

    private Process git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", clone.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What is done with a commit; {@code false} ends the walk. */
    interface Visitor {
        boolean visit(Commit commit) throws IOException;
    }

    /** The newest first. */
    void walk(boolean firstParent, int most, Predicate<String> path, Visitor visitor) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-c", "core.quotePath=false", "log", "--raw", "--no-abbrev", "--no-renames", "--diff-filter=M"));
        arguments.addAll(firstParent ? List.of("--first-parent", "-m") : List.of("--no-merges"));
        arguments.addAll(List.of("-n", String.valueOf(most), "--format=%x00%H %s"));
        Process log = git(arguments.toArray(String[]::new));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(log.getInputStream(), StandardCharsets.UTF_8))) {
            Commit commit = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("\0")) {
                    if (commit != null && !commit.files().isEmpty() && !visitor.visit(commit)) {
                        return;
                    }
                    int id = line.indexOf(' ');
                    commit = new Commit(line.substring(1, id), line.substring(id + 1), new ArrayList<>());
                } else if (line.startsWith(":") && commit != null) {
                    String[] parts = line.split("[ \t]", 6);
                    if (parts[0].equals(":100644") && path.test(parts[5])) {
                        commit.files().add(new Modified(parts[5], parts[2], parts[3]));
                    }
                }
            }
            if (commit != null && !commit.files().isEmpty()) {
                visitor.visit(commit);
            }
        } finally {
            log.destroy();
        }
    }

    /** Empty for what is not there, no blob, or too large. */
    Optional<byte[]> blob(String name) throws IOException {
        if (name.indexOf('\n') >= 0) {
            return Optional.empty();
        }
        in.write((name + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        String[] head = header().split(" ");
        if (head.length < 3 || !head[head.length - 1].matches("\\d+")) {
            return Optional.empty();
        }
        int size = Integer.parseInt(head[head.length - 1]);
        boolean wanted = head[head.length - 2].equals("blob") && size <= MAX_BYTES;
        byte[] content = wanted ? out.readNBytes(size) : new byte[0];
        out.skipNBytes(wanted ? 1 : size + 1L);
        return wanted ? Optional.of(content) : Optional.empty();
    }

    private String header() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = out.read(); next >= 0 && next != '\n'; next = out.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() {
        objects.destroy();
    }
}
