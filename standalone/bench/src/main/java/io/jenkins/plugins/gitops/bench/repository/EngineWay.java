package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** This engine. */
final class EngineWay implements Way {

    private static final CommitRequest.Identity AUTHOR = new CommitRequest.Identity("Bench", "bench@example.com");

    /** Whether the repository was written to before. */
    enum Cache {
        COLD,
        WARM
    }

    private final Cache cache;
    private GitConfigRepositories repositories;

    EngineWay(@NonNull Cache cache) {
        this.cache = cache;
    }

    @Override
    public String title() {
        return cache == Cache.COLD ? "engine, first contact" : "engine, warm";
    }

    @Override
    public void prepare(Path scratch, String url, String tag) throws IOException {
        repositories = new GitConfigRepositories(scratch.resolve("caches"));
        if (cache == Cache.WARM) {
            commit(url, tag + "-before");
        }
    }

    @Override
    public void bump(Path scratch, String url, String tag) {
        if (!(commit(url, tag) instanceof CommitOutcome.Committed)) {
            throw new IllegalStateException("Nothing was committed");
        }
    }

    private CommitOutcome commit(String url, String tag) {
        CommitRequest request = new CommitRequest(
                "main", UUID.randomUUID().toString(), "Bump to " + tag, "", List.of(), AUTHOR, tip -> {
                    String file = new String(tip.file(Shape.FILE).orElseThrow(), StandardCharsets.UTF_8);
                    return Map.of(Shape.FILE, withTag(file, tag).getBytes(StandardCharsets.UTF_8));
                });
        return repositories.open(new Remote(url)).commit(request, Progress.SILENT);
    }

    @NonNull
    static String withTag(@NonNull String file, @NonNull String tag) {
        return file.replaceAll("newTag: .*", "newTag: " + tag);
    }
}
