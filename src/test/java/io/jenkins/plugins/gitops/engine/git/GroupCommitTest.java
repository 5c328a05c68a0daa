package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits while a push is under way. */
class GroupCommitTest {

    @TempDir
    Path directory;

    private final CountDownLatch pushUnderWay = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("log", ""));
        fixture.server.intercept(request -> {
            if (request.method().equals("POST") && request.isPush()) {
                pushUnderWay.countDown();
                waitFor(mayGoOn);
            }
            return Optional.empty();
        });
    }

    @AfterEach
    void stop() throws IOException {
        mayGoOn.countDown();
        fixture.close();
    }

    @Test
    void whatWaitsGoesOutInOrderInOnePush() throws Exception {
        Waiting first = submit("first", append("log", "first"));
        waitFor(pushUnderWay);
        List<Waiting> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(submitAndWait("later-" + i, append("log", "later-" + i)));
        }
        mayGoOn.countDown();

        first.outcome();
        for (Waiting other : others) {
            assertThat(other.outcome()).isInstanceOf(CommitOutcome.Committed.class);
        }

        assertThat(fixture.bumpIds()).containsExactly("first", "later-0", "later-1", "later-2", "later-3", "later-4");
        assertThat(fixture.server.pushes()).isEqualTo(2);
    }

    @Test
    void whoeverWaitsMayGiveUp() throws Exception {
        Waiting first = submit("first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting second = submitAndWait("second", append("log", "second"));

        second.thread().interrupt();

        assertThatThrownBy(second::outcome)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("was interrupted; repeat the request with the same bump id");
        mayGoOn.countDown();
        first.outcome();
        submit("third", append("log", "third")).outcome();
        assertThat(fixture.bumpIds()).containsExactly("first", "third");
    }

    @Test
    void anInterruptEndsAPushNobodyElseWaitsFor() throws Exception {
        Waiting only = submit("only", append("log", "only"));
        waitFor(pushUnderWay);

        only.thread().interrupt();

        assertThatThrownBy(only::outcome).hasMessageContaining("was interrupted");
        mayGoOn.countDown();
        CommitOutcome again = submit("only", append("log", "only")).outcome();
        assertThat(again).isNotNull();
        assertThat(fixture.onServer("log")).isEqualTo("only");
    }

    @Test
    void anEditThatGivesUpFailsAlone() throws Exception {
        Waiting first = submit("first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting good = submitAndWait("good", append("log", "good"));
        Waiting bad = submitAndWait("bad", tip -> {
            throw new RepositoryException("There is no image here; add one");
        });
        Waiting alsoGood = submitAndWait("also-good", append("log", "also-good"));
        mayGoOn.countDown();

        first.outcome();
        good.outcome();
        alsoGood.outcome();
        assertThatThrownBy(bad::outcome).hasMessage("There is no image here; add one");
        assertThat(fixture.bumpIds()).containsExactly("first", "good", "also-good");
    }

    @Test
    void aCommitTheServerRefusesFailsAlone() throws Exception {
        Path hook = Files.createDirectories(fixture.bare.resolve("hooks")).resolve("pre-receive");
        Files.writeString(hook, """
            #!/bin/sh
            read old new ref
            if git log --format=%s "$old..$new" | grep -q bad; then
              echo "no bad commits" >&2
              exit 1
            fi
            """);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Waiting first = submit("first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting good = submitAndWait("good", append("log", "good"));
        Waiting bad = submitAndWait("bad", append("log", "bad"));
        Waiting alsoGood = submitAndWait("also-good", append("log", "also-good"));
        mayGoOn.countDown();

        first.outcome();
        good.outcome();
        alsoGood.outcome();
        assertThatThrownBy(bad::outcome).hasMessageContaining("no bad commits");
        assertThat(fixture.bumpIds()).containsExactly("first", "good", "also-good");
    }

    @Test
    void anEditThatChangesNothingMakesNoCommit() throws Exception {
        mayGoOn.countDown();

        CommitOutcome outcome = submit("none", tip -> Map.of()).outcome();

        assertThat(outcome).isEqualTo(new CommitOutcome.Unchanged(fixture.git("rev-parse", "main")));
        assertThat(fixture.server.pushes()).isZero();
    }

    @Test
    void differentLoginsKeepTheirOrderAndPushUnderTheirOwnNames() throws Exception {
        fixture.server.require("alice", "a");
        fixture.server.require("bob", "b");
        Waiting first = submit(as("alice", "a"), "first", append("log", "first"));
        waitFor(pushUnderWay);
        List<Waiting> others = List.of(
                submitAndWait(as("bob", "b"), "bob-1", append("log", "bob-1")),
                submitAndWait(as("alice", "a"), "alice-1", append("log", "alice-1")),
                submitAndWait(as("alice", "a"), "alice-2", append("log", "alice-2")),
                submitAndWait(as("bob", "b"), "bob-2", append("log", "bob-2")));
        mayGoOn.countDown();

        first.outcome();
        for (Waiting other : others) {
            other.outcome();
        }

        assertThat(fixture.bumpIds()).containsExactly("first", "bob-1", "alice-1", "alice-2", "bob-2");
        await().untilAsserted(() -> assertThat(pushers()).containsExactly("alice", "bob", "alice", "bob"));
    }

    @Test
    void aLoginThatIsRefusedHoldsUpNobodyElse() throws Exception {
        fixture.server.require("alice", "a");
        Waiting first = submit(as("alice", "a"), "first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting refused = submitAndWait(as("bob", "guess"), "bob", append("log", "bob"));
        Waiting second = submitAndWait(as("alice", "a"), "second", append("log", "second"));
        mayGoOn.countDown();

        first.outcome();
        second.outcome();

        assertThatThrownBy(refused::outcome).hasMessageContaining("the credentials are refused");
        assertThat(fixture.bumpIds()).containsExactly("first", "second");
    }

    @Test
    void whoeverWaitsBehindAnotherLoginMayGiveUp() throws Exception {
        fixture.server.require("alice", "a");
        fixture.server.require("bob", "b");
        Waiting first = submit(as("alice", "a"), "first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting second = submitAndWait(as("bob", "b"), "second", append("log", "second"));

        second.thread().interrupt();

        assertThatThrownBy(second::outcome)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("was interrupted; repeat the request with the same bump id");
        mayGoOn.countDown();
        first.outcome();
        submit(as("bob", "b"), "third", append("log", "third")).outcome();
        assertThat(fixture.bumpIds()).containsExactly("first", "third");
    }

    @Test
    void aControllerThatStopsLetsGoOfEverybody() throws Exception {
        Waiting first = submit("first", append("log", "first"));
        waitFor(pushUnderWay);
        Waiting second = submitAndWait("second", append("log", "second"));
        ConfigRepository repository = fixture.open();

        fixture.repositories.close();

        assertThatThrownBy(first::outcome).hasMessageContaining("was interrupted");
        assertThatThrownBy(second::outcome)
                .hasMessageContaining("bump id second")
                .hasMessageContaining("was interrupted; repeat the request with the same bump id");
        assertThatThrownBy(() -> repository.commit(request("third", append("log", "third")), Progress.SILENT))
                .hasMessageContaining("was interrupted; repeat the request with the same bump id");
        assertThatThrownBy(fixture::open).hasMessageContaining("Jenkins is shutting down");
        mayGoOn.countDown();
        assertThat(fixture.bumpIds()).doesNotContain("second", "third");
    }

    private List<String> pushers() {
        return fixture.server.requests().stream()
                .filter(request -> request.isPush() && request.method().equals("POST"))
                .map(GitHttpServer.Request::user)
                .toList();
    }

    private ConfigRepository as(String user, String password) {
        return fixture.repositories.open(
                new Remote(fixture.server.url(ConfigRepositoryFixture.NAME), new Login.UserPassword(user, password)));
    }

    /** A request of a thread of its own. */
    private record Waiting(Thread thread, FutureTask<CommitOutcome> task) {

        CommitOutcome outcome() throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw (RuntimeException) e.getCause();
            }
        }
    }

    private Waiting submit(String bump, Function<Snapshot, Map<String, byte[]>> edit) {
        return submit(fixture.open(), bump, edit);
    }

    private static Waiting submit(
            ConfigRepository repository, String bump, Function<Snapshot, Map<String, byte[]>> edit) {
        FutureTask<CommitOutcome> task =
                new FutureTask<>(() -> repository.commit(request(bump, edit), Progress.SILENT));
        Thread thread = new Thread(task, bump);
        thread.setDaemon(true);
        thread.start();
        return new Waiting(thread, task);
    }

    /** The next request is only made once this one stands in the queue. */
    private Waiting submitAndWait(String bump, Function<Snapshot, Map<String, byte[]>> edit) {
        return submitAndWait(fixture.open(), bump, edit);
    }

    private static Waiting submitAndWait(
            ConfigRepository repository, String bump, Function<Snapshot, Map<String, byte[]>> edit) {
        Waiting waiting = submit(repository, bump, edit);
        await().until(() -> waiting.thread().getState() == Thread.State.WAITING);
        return waiting;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
