package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Direction;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Fault;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer.Answer;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {

    private static final RepositorySettings HASTY = RepositorySettings.DEFAULT
            .with(new OperationLimits(3, Duration.ofSeconds(30), 1 << 20, 1 << 20))
            .within(Duration.ofSeconds(5), Duration.ofSeconds(10));

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory, HASTY);
        fixture.commitWithGit(Map.of("log", ""));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void credentialsGoAlongWithoutBeingAskedFor() {
        fixture.server.require("jenkins", "s3cret:ü");
        ConfigRepository repository = open(fixture.server.url("config.git"), "s3cret:ü");
        repository.commit(request(append("log", "a")), Progress.SILENT);
        fixture.server.forgetRequests();

        repository.commit(request(append("log", "b")), Progress.SILENT);

        assertThat(fixture.server.requests())
                .extracting(GitHttpServer.Request::status)
                .containsExactly(200, 200);
    }

    @Test
    void aPasswordIsNeverShown() {
        fixture.server.require("jenkins", "s3cret");
        Login login = new Login.UserPassword("jenkins", "wr0ng");
        List<String> said = new ArrayList<>();
        ConfigRepository repository = fixture.repositories.open(new Remote(fixture.server.url("config.git"), login));

        assertThatThrownBy(() -> repository.commit(request(append("log", "a")), said::add))
                .hasMessageContaining("401")
                .hasMessageContaining("the credentials are refused")
                .hasMessageNotContaining("wr0ng");
        assertThat(login.toString()).doesNotContain("wr0ng");
        assertThat(said).noneMatch(line -> line.contains("wr0ng"));
    }

    @Test
    void credentialsAreTriedTwiceAndNoMore() {
        fixture.server.require("jenkins", "s3cret");
        ConfigRepository repository = open(fixture.server.url("config.git"), "wr0ng");

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the server answered 401 (unauthorized): the credentials are refused")
                .hasMessageContaining("given up after 1 attempt in");
        assertThat(fixture.server.requests())
                .extracting(GitHttpServer.Request::status)
                .containsExactly(401, 401);
    }

    @Test
    void aServerThatRefusesCredentialsOnceIsNotAskedForMore() {
        AtomicInteger refusals = new AtomicInteger(1);
        fixture.server.intercept(
                request -> refusals.getAndDecrement() > 0 ? Optional.of(Answer.instead(401)) : Optional.empty());
        List<String> said = new ArrayList<>();

        open(fixture.server.url("config.git"), "s3cret").commit(request(append("log", "a")), said::add);

        assertThat(said).isEmpty();
        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    @Test
    void withoutCredentialsARefusalIsNotRepeated() {
        fixture.server.require("jenkins", "s3cret");

        assertThatThrownBy(() -> fixture.open().tip("main", Progress.SILENT))
                .hasMessageContaining("the server answered 401 (unauthorized): credentials are needed");
        assertThat(fixture.server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "403, the credentials do not allow git-receive-pack",
        "404, no such repository",
        "418, the server answered 418"
    })
    void aRefusalIsNotRepeated(int status, String words) {
        fixture.server.intercept(request -> Optional.of(Answer.instead(status)));

        assertThatThrownBy(() -> fixture.commit(request(append("log", "a")))).hasMessageContaining(words);
        assertThat(fixture.server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void aServerInTroubleIsAskedAgain(int status) {
        AtomicInteger troubles = new AtomicInteger(2);
        fixture.server.intercept(
                request -> troubles.getAndDecrement() > 0 ? Optional.of(Answer.instead(status)) : Optional.empty());

        fixture.commit(request(append("log", "a")));

        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    @Test
    void aPauseThatIsAskedForIsKept() {
        AtomicInteger troubles = new AtomicInteger(1);
        fixture.server.intercept(request -> troubles.getAndDecrement() > 0
                ? Optional.of(Answer.instead(429).with("Retry-After", "1"))
                : Optional.empty());
        long begun = System.nanoTime();

        fixture.commit(request(append("log", "a")));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "9223372036854775807"})
    void aPauseThatIsTooLongIsNotBegun(String seconds) {
        fixture.server.intercept(request -> Optional.of(Answer.instead(429).with("Retry-After", seconds)));

        assertThatThrownBy(() -> fixture.commit(request(append("log", "a"))))
                .hasMessageContaining("429")
                .hasMessageContaining("given up after 1 attempt");
    }

    @Test
    void aHooksRefusalIsShownAndNotRepeated() throws IOException {
        hook("echo 'Changes to prod need a ticket' >&2; exit 1");

        assertThatThrownBy(() -> fixture.commit(request(append("log", "a"))))
                .hasMessageContaining("pre-receive hook declined")
                .hasMessageContaining("Changes to prod need a ticket");
        assertThat(fixture.server.pushes()).isEqualTo(1);
    }

    @Test
    void aLostAnswerIsLookedForAndNotRepeated() {
        AtomicInteger losses = new AtomicInteger(1);
        fixture.server.intercept(
                request -> request.method().equals("POST") && request.isPush() && losses.getAndDecrement() > 0
                        ? Optional.of(Answer.afterwards(502))
                        : Optional.empty());

        CommitOutcome outcome = fixture.commit(request("once", append("log", "a")));

        assertThat(outcome).isEqualTo(new CommitOutcome.Committed(fixture.git("rev-parse", "main"), List.of("log")));
        assertThat(fixture.server.pushes()).isEqualTo(1);
        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    @Test
    void aPushWhoseEndStaysUnknownSaysSo() {
        fixture.server.intercept(request -> request.method().equals("POST") && request.isPush()
                ? Optional.of(Answer.instead(502))
                : Optional.empty());

        assertThatThrownBy(() -> fixture.commit(request("maybe", append("log", "a"))))
                .hasMessageContaining("It is not known whether the commit with bump id maybe reached branch main");
    }

    @Test
    void aSilentServerIsGivenUp() throws IOException {
        RepositorySettings hasty = HASTY.within(Duration.ofSeconds(5), Duration.ofMillis(300));
        try (FaultProxy proxy = new FaultProxy(fixture.server.port(), () -> new Fault.Stall(Direction.TO_CLIENT, 0));
                GitConfigRepositories repositories = new GitConfigRepositories(directory.resolve("hasty"), hasty)) {
            ConfigRepository repository =
                    repositories.open(new Remote("http://127.0.0.1:" + proxy.port() + "/config.git"));

            assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                    .hasMessageContaining("the server sent nothing for 300 ms");
        }
    }

    @Test
    void noServerAtAllIsSaid() {
        int port = fixture.server.port();
        fixture.server.close();
        ConfigRepository repository = open("http://127.0.0.1:" + port + "/config.git", "x");

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT)).hasMessageContaining("no connection");
    }

    @Test
    void aRedirectOnTheSameHostIsFollowed() {
        fixture.server.intercept(request -> request.path().startsWith("/old.git")
                ? Optional.of(Answer.instead(301).with("Location", "/config.git/info/refs?" + request.query()))
                : Optional.empty());

        open(fixture.server.url("old.git"), "x").commit(request(append("log", "a")), Progress.SILENT);

        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:1/config.git/info/refs?", "https://evil.example.com/config.git/info/refs?"})
    void aRedirectToAnotherHostIsRefused(String location) {
        fixture.server.intercept(
                request -> Optional.of(Answer.instead(302).with("Location", location + request.query())));

        assertThatThrownBy(() -> open(fixture.server.url("config.git"), "x").tip("main", Progress.SILENT))
                .hasMessageContaining("redirects to another host");
    }

    @Test
    void aRedirectToAnotherPortIsRefused() {
        fixture.server.intercept(request -> Optional.of(
                Answer.instead(302).with("Location", "http://127.0.0.1:1/config.git/info/refs?" + request.query())));

        assertThatThrownBy(() -> open(fixture.server.url("config.git"), "x").tip("main", Progress.SILENT))
                .hasMessageContaining("redirects to another port");
    }

    @Test
    void aPageThatIsNoRepositoryIsRecognized() {
        fixture.server.intercept(request -> Optional.of(Answer.instead(200).with("Content-Type", "text/html")));

        assertThatThrownBy(() -> open(fixture.server.url("config.git"), "x").tip("main", Progress.SILENT))
                .hasMessageContaining("does not respond like a Git repository (content type \"text/html\")");
    }

    @Test
    void aServerThatWantsMultiAckIsReadAndWritten() throws IOException {
        fixture.server.requireMultiAck();
        ConfigRepository repository = fixture.open();
        repository.commit(request(append("log", "a")), Progress.SILENT);
        fixture.commitWithGit(Map.of("other", "x"));

        repository.commit(request(append("log", "b")), Progress.SILENT);

        assertThat(fixture.onServer("log")).isEqualTo("a\nb");
        assertThat(repository.history("main", new HistoryQuery(commit -> true, 10, 100), Progress.SILENT))
                .hasSize(4);
        assertThat(fixture.server.requests())
                .extracting(GitHttpServer.Request::status)
                .containsOnly(200);
        fixture.verify();
    }

    @Test
    void aRefThatAnotherClientUpdatedFirstIsPushedAgain() throws IOException {
        answerOnePush("TF401028: The reference 'refs/heads/main' has already been updated by another client, so you"
                + " cannot update it. Please try again.");

        fixture.open().commit(request(append("log", "a")), Progress.SILENT);

        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    @Test
    void anInternalErrorForTheRefIsRetried() throws IOException {
        answerOnePush("Internal Server Error");
        List<String> log = new ArrayList<>();

        fixture.open().commit(request(append("log", "a")), log::add);

        assertThat(fixture.onServer("log")).isEqualTo("a");
        assertThat(log)
                .anyMatch(line -> line.startsWith("Retrying the push") && line.contains("Internal Server Error"));
    }

    @Test
    void endlessOutputOfAHookIsCut() throws IOException {
        hook("yes 'a line' | head -100000 >&2");
        List<String> log = new ArrayList<>();

        fixture.open().commit(request(append("log", "a")), log::add);

        assertThat(log.stream().filter(line -> line.startsWith("remote: "))).hasSize(201);
        assertThat(log).contains("remote: … further output of the server is not shown");
    }

    /** The server's report on the first push is this one; nothing is moved. */
    private void answerOnePush(String reason) {
        AtomicBoolean answered = new AtomicBoolean();
        String report = packet("unpack ok\n") + packet("ng refs/heads/main " + reason + "\n") + "0000";
        fixture.server.intercept(request -> request.path().endsWith("/git-receive-pack") && !answered.getAndSet(true)
                ? Optional.of(Answer.instead(200)
                        .with("Content-Type", "application/x-git-receive-pack-result")
                        .saying(packet("\u0001" + report) + "0000"))
                : Optional.empty());
    }

    private static String packet(String content) {
        return String.format("%04x", content.length() + 4) + content;
    }

    @Test
    void aProxyIsUsed() throws IOException {
        // The proxy is the server itself: it serves whatever host it is asked for.
        RepositorySettings proxied = HASTY.with(HttpClients.DEFAULT.through(
                ProxySelector.of(new InetSocketAddress("127.0.0.1", fixture.server.port())), Optional::empty));
        try (GitConfigRepositories repositories = new GitConfigRepositories(directory.resolve("proxied"), proxied)) {
            ConfigRepository repository = repositories.open(new Remote("http://git.example.invalid/config.git"));

            repository.commit(request(append("log", "a")), Progress.SILENT);
        }

        assertThat(fixture.onServer("log")).isEqualTo("a");
    }

    private ConfigRepository open(String url, String password) {
        return fixture.repositories.open(new Remote(url, new Login.UserPassword("jenkins", password)));
    }

    private void hook(String script) throws IOException {
        Path hook = Files.createDirectories(fixture.bare.resolve("hooks")).resolve("pre-receive");
        Files.writeString(hook, "#!/bin/sh\n" + script + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }
}
