package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process with little memory that reads what it should not and then does something useful. */
final class LittleMemoryReader {

    private LittleMemoryReader() {}

    @NonNull
    static Process start(@NonNull String url, @NonNull Path cacheRoot, @NonNull Path said) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        LittleMemoryReader.class.getName(),
                        url,
                        cacheRoot.toString(),
                        said.toString())
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        List<String> said = new ArrayList<>();
        try (GitConfigRepositories repositories = new GitConfigRepositories(Path.of(arguments[1]))) {
            ConfigRepository repository = repositories.open(new Remote(arguments[0]));
            for (String path : List.of("huge.yaml", "many/f1000001", "ok.yaml")) {
                try {
                    byte[] content =
                            repository.tip("main", Progress.SILENT).file(path).orElseThrow();
                    said.add(path + ": " + content.length + " bytes");
                } catch (RepositoryException e) {
                    said.add(path + ": " + e.getMessage());
                }
            }
            try {
                repository.commit(request(write("huge.yaml", "small")), Progress.SILENT);
            } catch (RepositoryException e) {
                said.add("overwriting huge.yaml: " + e.getMessage());
            }
            CommitOutcome outcome = repository.commit(request(append("ok.yaml", "y")), Progress.SILENT);
            said.add("ok.yaml: " + outcome.getClass().getSimpleName());
        }
        said.add(residentPeak());
        Files.write(Path.of(arguments[2]), said);
    }

    /** {@code VmHWM: 123456 kB}, from proc(5), or that it is not known. */
    private static String residentPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "VmHWM: unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\s+", " "))
                .findFirst()
                .orElse("VmHWM: unknown");
    }
}
