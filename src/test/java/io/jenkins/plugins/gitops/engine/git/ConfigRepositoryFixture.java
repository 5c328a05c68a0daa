package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** A server with one repository, {@code config.git}, and an engine that writes to it. */
final class ConfigRepositoryFixture implements Closeable {

    static final String NAME = "config.git";
    static final Identity AUTHOR = new Identity("Jenkins", "jenkins@example.com");

    final GitHttpServer server;
    final Path bare;
    final GitConfigRepositories repositories;
    private final Path directory;

    ConfigRepositoryFixture(@NonNull Path directory) throws IOException {
        this(directory, RepositorySettings.DEFAULT);
    }

    ConfigRepositoryFixture(@NonNull Path directory, @NonNull RepositorySettings settings) throws IOException {
        this.directory = directory;
        server = new GitHttpServer(Files.createDirectories(directory.resolve("server")));
        bare = server.create(NAME);
        repositories = new GitConfigRepositories(directory.resolve("caches"), settings);
    }

    @NonNull
    ConfigRepository open() {
        return repositories.open(remote());
    }

    @NonNull
    Remote remote() {
        return new Remote(server.url(NAME));
    }

    /** Commits files with plain git. */
    void commitWithGit(@NonNull Map<String, String> files) {
        commitWithGit("Prepare", files);
    }

    void commitWithGit(@NonNull String message, @NonNull Map<String, String> files) {
        StringBuilder stream = new StringBuilder();
        boolean exists = !git("for-each-ref", "refs/heads/main").isEmpty();
        stream.append("commit refs/heads/main\ncommitter Plain Git <git@example.com> now\ndata ");
        data(stream, message + "\n");
        if (exists) {
            stream.append("from refs/heads/main^0\n");
        }
        files.forEach((path, content) -> {
            stream.append("M 100644 inline ").append(path).append("\ndata ");
            data(stream, content);
        });
        String input = stream.append("\ndone\n").toString();
        TestGit.output(
                bare, input.getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet", "--done", "--date-format=now");
    }

    private static void data(StringBuilder stream, String text) {
        stream.append(text.getBytes(StandardCharsets.UTF_8).length)
                .append('\n')
                .append(text)
                .append('\n');
    }

    @NonNull
    String git(@NonNull String... arguments) {
        return TestGit.output(bare, arguments);
    }

    /** The file on the server's branch, with its line ends. */
    @NonNull
    String onServer(@NonNull String path) {
        return git("cat-file", "blob", "main:" + path);
    }

    /** Bump ids of the server's branch, oldest first. */
    @NonNull
    List<String> bumpIds() {
        String format = "--format=%(trailers:key=" + CommitRequest.BUMP_ID_TRAILER + ",valueonly,separator=%x2C)";
        return Arrays.stream(git("log", "--reverse", format, "main").split("\n"))
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The server's repository is sound and its history has no merge. */
    void verify() {
        git("fsck", "--full", "--strict", "--no-dangling");
        if (!git("rev-list", "--merges", "main").isEmpty()) {
            throw new AssertionError("The history is not linear");
        }
    }

    @NonNull
    static CommitRequest request(@NonNull Function<Snapshot, Map<String, byte[]>> edit) {
        return request(UUID.randomUUID().toString(), edit);
    }

    @NonNull
    static CommitRequest request(@NonNull String bumpId, @NonNull Function<Snapshot, Map<String, byte[]>> edit) {
        return new CommitRequest("main", bumpId, "Bump " + bumpId, "", List.of(), AUTHOR, edit);
    }

    /** Sets a file. */
    @NonNull
    static Function<Snapshot, Map<String, byte[]>> write(@NonNull String path, @NonNull String content) {
        return tip -> Map.of(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a line to a file, which shows lost and doubled edits. */
    @NonNull
    static Function<Snapshot, Map<String, byte[]>> append(@NonNull String path, @NonNull String line) {
        return tip -> {
            String before = tip.file(path)
                    .map(content -> new String(content, StandardCharsets.UTF_8))
                    .orElse("");
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(path, (before + line + "\n").getBytes(StandardCharsets.UTF_8));
            return files;
        };
    }

    @NonNull
    CommitOutcome commit(@NonNull CommitRequest request) {
        return open().commit(request, Progress.SILENT);
    }

    @Override
    public void close() throws IOException {
        repositories.close();
        server.close();
    }

    @NonNull
    Path cacheRoot() {
        return directory.resolve("caches");
    }
}
