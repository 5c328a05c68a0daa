package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A controller of its own: a Java process that commits with some writers and ends. */
final class WriterProcess {

    private WriterProcess() {}

    @NonNull
    static String bumpId(@NonNull String name, int writer, int commit) {
        return name + "-" + writer + "-" + commit;
    }

    /** Starts one; each writer's commits bear the ids of {@link #bumpId}. */
    @NonNull
    static Process start(@NonNull String url, @NonNull Path cacheRoot, @NonNull String name, int writers, int commits)
            throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classPath,
                        WriterProcess.class.getName(),
                        url,
                        cacheRoot.toString(),
                        name,
                        String.valueOf(writers),
                        String.valueOf(commits))
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        Path cacheRoot = Path.of(arguments[1]);
        int writers = Integer.parseInt(arguments[3]);
        int commits = Integer.parseInt(arguments[4]);
        try (GitConfigRepositories repositories = new GitConfigRepositories(cacheRoot)) {
            ConfigRepository repository = repositories.open(new Remote(arguments[0]));
            ExecutorService threads = Executors.newFixedThreadPool(writers);
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                all.add(threads.submit(() -> {
                    for (int c = 0; c < commits; c++) {
                        String bump = bumpId(arguments[2], writer, c);
                        repository.commit(request(bump, append("log", bump)), Progress.SILENT);
                    }
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> writer : all) {
                writer.get();
            }
        }
    }
}
