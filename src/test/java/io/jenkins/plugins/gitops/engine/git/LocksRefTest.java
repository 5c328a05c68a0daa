package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks on a Git server, in a ref of their own. */
class LocksRefTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static final Lock LOCK = new Lock(
            "lock-1",
            "shop",
            "prod",
            "dora",
            NOON,
            NOON.plusSeconds(3600),
            "the database moves",
            Lock.Scope.PROMOTIONS,
            "https://ci.example.org/job/lock/1/");

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("README.md", "hello\n"));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void whereNobodyEverLockedThereIsNone() {
        assertThat(locks().read(Progress.SILENT)).isEqualTo(Locks.NONE);
    }

    @Test
    void everyChangeIsACommitThatSaysWhoAndWhy() {
        String main = fixture.git("rev-parse", "main");

        locks().set(LOCK, Progress.SILENT);
        locks().set(LOCK, Progress.SILENT);
        assertThat(locks().read(Progress.SILENT).stopping("shop", "prod", NOON)).contains(LOCK);
        locks().lift(
                        List.of(LOCK),
                        new RepositoryLocks.Lifting("lift-1", "anna", NOON, "it has moved", null),
                        Progress.SILENT);

        assertThat(locks().read(Progress.SILENT)).isEqualTo(Locks.NONE);
        assertThat(fixture.git("log", "--format=%s", RepositoryLocks.REF)).isEqualTo("""
            Unlock shop/prod by anna
            Lock shop/prod by dora\
            """);
        assertThat(fixture.git("log", "-1", "--format=%(trailers)", RepositoryLocks.REF + "~1"))
                .isEqualTo("""
                    GitOps-Lock: shop/prod
                    GitOps-Lock-By: dora
                    GitOps-Reason: the database moves
                    GitOps-Lock-Until: 2026-03-02T13:00:00Z
                    GitOps-Run: https://ci.example.org/job/lock/1/
                    GitOps-Bump-Id: lock-1\
                    """);
        assertThat(fixture.git("rev-parse", "main"))
                .as("Argo CD sees nothing of it")
                .isEqualTo(main);
        fixture.verify();
    }

    @Test
    void whatSomebodyElseHasLiftedIsNoChange() {
        locks().set(LOCK, Progress.SILENT);
        RepositoryLocks.Lifting first = new RepositoryLocks.Lifting("lift-1", "anna", NOON, "moved", null);
        locks().lift(List.of(LOCK), first, Progress.SILENT);
        RepositoryLocks.Lifting second = new RepositoryLocks.Lifting("lift-2", "ben", NOON, "moved", null);
        locks().lift(List.of(LOCK), second, Progress.SILENT);

        assertThat(fixture.git("rev-list", "--count", RepositoryLocks.REF)).isEqualTo("2");
    }

    private RepositoryLocks locks() {
        return new RepositoryLocks(fixture.open(), ConfigRepositoryFixture.AUTHOR);
    }
}
