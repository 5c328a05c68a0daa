package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How pull requests end at every kind of server: merged by the plugin, by the server itself, or closed. */
abstract class MergesContract {

    static final String HEAD = "gitops/shop/prod/4711";
    static final PullRequests.NewPullRequest PROPOSAL =
            new PullRequests.NewPullRequest(HEAD, "main", "shop: promote api 1.4.2", "From 1.4.1 to 1.4.2");

    private final Function<ForgeServer, Dialect> dialect;
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
    ForgeServer server;
    PullRequests requests;

    MergesContract(Function<ForgeServer, Dialect> dialect) {
        this.dialect = dialect;
    }

    abstract PullRequests open(ForgeServer at);

    PullRequests at(String path, Provider provider) {
        return new Forge(HttpClients.DEFAULT, now::get)
                .of(new Remote(server.url(path), new UserPassword("bot", "t0ken")), provider);
    }

    @BeforeEach
    void start() throws Exception {
        server = new ForgeServer(dialect);
        requests = open(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void mergesAndTellsWhatBecameOfIt() {
        PullRequest created = requests.create(PROPOSAL);

        requests.merge(created, Method.SQUASH, "shop: promote", "GitOps-Bump-Id: 4711");

        PullRequest merged = requests.get(created.number());
        assertThat(merged.state()).isEqualTo(State.MERGED);
        assertThat(merged.mergeCommit()).contains("2".repeat(40));
        assertThat(merged.endedBy()).contains("merger");
        assertThat(server.pulls.get(0).mergeMethod).isEqualTo("squash");
        assertThat(server.pulls.get(0).mergeMessage).isEqualTo("shop: promote\n\nGitOps-Bump-Id: 4711");
        assertThat(requests.find(HEAD, "main").orElseThrow().state()).isEqualTo(State.MERGED);
    }

    @Test
    void asksForTheOtherWaysToMerge() {
        requests.methods().stream().filter(method -> method != Method.SQUASH).forEach(method -> {
            server.pulls.clear();
            requests.merge(requests.create(PROPOSAL), method, "shop: promote", "");
            assertThat(server.pulls.get(0).mergeMethod)
                    .containsIgnoringCase(method == Method.REBASE ? "rebase" : server.pulls.get(0).mergeMethod)
                    .doesNotContain("squash")
                    .isNotEmpty();
        });
    }

    @Test
    void mergesNothingThatWasPushedMeanwhile() {
        PullRequest seen = requests.create(PROPOSAL);
        server.pulls.get(0).sha = "9".repeat(40);

        ForgeException refused =
                catchThrowableOfType(ForgeException.class, () -> requests.merge(seen, Method.MERGE, "m", ""));

        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(server.pulls.get(0).state).isEqualTo("open");
    }

    @Test
    void tellsWhyTheServerDoesNotMerge() {
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).blocked = "2 approvals are required";

        assertThatThrownBy(() -> requests.merge(created, Method.MERGE, "m", ""))
                .isInstanceOf(ForgeException.class)
                .hasMessageContaining("2 approvals are required");
        assertThat(requests.get(created.number()).isOpen()).isTrue();
    }

    @Test
    void isOpenForAWhileWhereTheServerSaysSoAfterAMerge() {
        PullRequest created = requests.create(PROPOSAL);
        requests.merge(created, Method.SQUASH, "m", "");
        server.pulls.get(0).saysOpen = 1;

        assertThat(requests.get(created.number()).isOpen()).isTrue();
        assertThat(requests.get(created.number()).state()).isEqualTo(State.MERGED);
    }

    @Test
    void closesAndTellsWhoDid() {
        PullRequest created = requests.create(PROPOSAL);

        requests.close(created);

        PullRequest closed = requests.get(created.number());
        assertThat(closed.state()).isEqualTo(State.CLOSED);
        assertThat(closed.endedBy()).contains("closer");
        assertThat(closed.mergeCommit()).isEmpty();
    }

    @Test
    void mergesByItselfWhatItWasHandedOver() {
        assumeTrue(requests.canHandOver());
        Pull pull = blocked();

        requests.handOver(requests.get(1), Method.SQUASH, "shop: promote", "GitOps-Bump-Id: 4711");
        requests.handOver(requests.get(1), Method.SQUASH, "shop: promote", "GitOps-Bump-Id: 4711");
        assertThat(pull.autoMerge).isTrue();
        assertThat(requests.get(1).isOpen()).isTrue();

        pull.blocked = "";
        server.mergeByItself(pull);
        assertThat(requests.get(1).state()).isEqualTo(State.MERGED);
        assertThat(pull.mergeMethod).isEqualTo("squash");
        assertThat(pull.mergeMessage).isEqualTo("shop: promote\n\nGitOps-Bump-Id: 4711");
    }

    @Test
    void takesBackWhatItHandedOver() {
        assumeTrue(requests.canHandOver());
        Pull pull = blocked();
        requests.handOver(requests.get(1), Method.MERGE, "shop: promote", "");

        requests.takeBack(requests.get(1));
        assertThat(pull.autoMerge).isFalse();
        requests.takeBack(requests.get(1));

        assertThat(requests.get(1).isOpen()).isTrue();
        assertThat(requests.get(1).handover().isAccepted()).isFalse();
    }

    @Test
    void handsNothingOverThatWasPushedMeanwhile() {
        assumeTrue(requests.canHandOver());
        Pull pull = blocked();
        PullRequest seen = requests.get(1);
        pull.sha = "9".repeat(40);

        ForgeException refused =
                catchThrowableOfType(ForgeException.class, () -> requests.handOver(seen, Method.MERGE, "m", ""));

        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(pull.autoMerge).isFalse();
    }

    @Test
    void tellsWhyTheServerMergesNothingByItself() {
        assumeTrue(requests.canHandOver());
        blocked();
        server.noAutoMerge = "auto-merge is not allowed here";

        assertThatThrownBy(() -> requests.handOver(requests.get(1), Method.MERGE, "m", ""))
                .isInstanceOf(ForgeException.class)
                .hasMessageContaining("auto-merge is not allowed here");
    }

    /** Whoever repeats the call, after a restart for example, finds out how things stand. */
    @Test
    void aLostAnswerOfAHandOverOrOfTakingItBackCostsNothing() {
        assumeTrue(requests.canHandOver());
        Pull pull = blocked();

        PullRequest open = requests.get(1);
        losesAnswer(() -> requests.handOver(open, Method.SQUASH, "shop: promote", ""));
        assertThat(pull.autoMerge).isTrue();
        requests.handOver(requests.get(1), Method.SQUASH, "shop: promote", "");
        assertThat(pull.autoMerge).isTrue();

        PullRequest handedOver = requests.get(1);
        losesAnswer(() -> requests.takeBack(handedOver));
        assertThat(pull.autoMerge).isFalse();
        requests.takeBack(requests.get(1));
        assertThat(pull.autoMerge).isFalse();
        assertThat(requests.get(1).isOpen()).isTrue();
    }

    private void losesAnswer(ThrowingCallable change) {
        server.fate = call -> call.startsWith("GET ") ? ForgeServer.Fate.ANSWERED : ForgeServer.Fate.ANSWER_LOST;
        ForgeException lost = catchThrowableOfType(ForgeException.class, change);
        server.fate = call -> ForgeServer.Fate.ANSWERED;
        assertThat(lost.mayPass()).isTrue();
    }

    private Pull blocked() {
        requests.create(PROPOSAL);
        Pull pull = server.pulls.get(0);
        pull.blocked = "2 approvals are required";
        return pull;
    }

    @Test
    void closingWhatWasMergedMeanwhileLeavesItMerged() {
        PullRequest seen = requests.create(PROPOSAL);
        requests.merge(seen, Method.SQUASH, "m", "");

        assertThat(requests.close(seen)).isEqualTo(State.MERGED);

        PullRequest merged = requests.get(seen.number());
        assertThat(merged.state()).isEqualTo(State.MERGED);
        assertThat(merged.endedBy()).contains("merger");
    }

    @Test
    void whatTheServerRefusesToCloseAndShowsAsOpenIsNotTakenForClosed() {
        PullRequest seen = requests.create(PROPOSAL);
        requests.merge(seen, Method.SQUASH, "m", "");
        server.pulls.get(0).saysOpen = 2;

        assertThatThrownBy(() -> requests.close(seen)).isInstanceOf(ForgeException.class);
        server.pulls.get(0).saysOpen = 0;

        assertThat(requests.get(seen.number()).state()).isEqualTo(State.MERGED);
    }
}
