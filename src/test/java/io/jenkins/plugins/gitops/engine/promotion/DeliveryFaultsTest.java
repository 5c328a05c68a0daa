package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Fate;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promotions in which something fails all the time: a controller that is killed before or after a call to a server, an answer
 * that is lost, a server that is down for a while; and what people do meanwhile. Whatever it is, each release comes once, by
 * one pull request, and never before its gate lets it pass.
 */
@Timeout(600)
class DeliveryFaultsTest extends DeliveryFixture {

    private static final int MOST_STEPS = 100;
    private static final int PROMOTIONS = 7;
    private static final int FAULTS_EACH = 20;
    /** In calls from one fault to the next: at most what a look at everything takes. */
    private static final int LONGEST_GAP = 16;

    @TempDir
    private Path caches;

    private final Random random = new Random(18);
    private int releases;
    private int faults;

    /** What goes wrong. */
    private enum Fault {
        /** The controller is gone before the call, and another one goes on. */
        KILLED_BEFORE,
        /** It is gone when the call is done. */
        KILLED_AFTER,
        ANSWER_LOST,
        /** The server does not hear this call and some after it. */
        DOWN
    }

    /** What people do while the release waits. */
    private enum Deed {
        DELETE_BRANCH,
        REWRITE_BASE,
        EDIT,
        PUSH_TO_BRANCH,
        PUSH_TO_BASE,
        TAKE_REVIEW_BACK
    }

    /** One promotion from its gate to the commit on its branch. */
    private final class Run {

        private final String id = "run" + ++releases;
        private final String version = "1.1." + releases;
        private final List<GateEvent> kept = new ArrayList<>();
        private Fault fault = Fault.DOWN;
        private int calls;
        private int at;
        private int injected;
        private boolean isDead;
        private ReviewedController controller;
        private GitConfigRepositories store;

        private void nextFault() {
            fault = Fault.values()[random.nextInt(Fault.values().length)];
            at = injected < FAULTS_EACH ? calls + 1 + random.nextInt(LONGEST_GAP) : Integer.MAX_VALUE;
        }

        private boolean isNow(Fault one) {
            return fault == one && calls == at;
        }

        private void injected() {
            injected++;
            faults++;
        }

        /** Whether a call is heard, which is asked before it and, with the same number, after it. */
        private boolean hears(boolean isBefore) {
            if (isBefore) {
                calls++;
            }
            if (!isDead && isNow(isBefore ? Fault.KILLED_BEFORE : Fault.KILLED_AFTER)) {
                isDead = true;
                injected();
            }
            return !isDead;
        }

        private Fate fate() {
            if (!hears(true)) {
                return Fate.NOT_HEARD;
            }
            if (fault == Fault.DOWN && calls >= at) {
                if (calls >= at + 3) {
                    injected();
                    nextFault();
                }
                return Fate.NOT_HEARD;
            }
            if (!hears(false)) {
                return Fate.ANSWER_LOST;
            }
            if (fault == Fault.ANSWER_LOST && calls >= at) {
                injected();
                nextFault();
                return Fate.ANSWER_LOST;
            }
            return Fate.ANSWERED;
        }

        private void start() {
            store = new GitConfigRepositories(
                    caches.resolve("home"),
                    RepositorySettings.DEFAULT.with(new OperationLimits(1, Duration.ofSeconds(20), 1 << 20, 1 << 20)));
            String url = forge.url("/acme/config.git");
            controller = new ReviewedController(
                    store.open(new Remote(url, new UserPassword("bot", "t0ken"))), url, kept, log);
        }

        private void stop() throws Exception {
            controller.close();
            store.close();
        }

        void go() throws Exception {
            start();
            controller.open(id, version);
            nextFault();
            git.hearing = () -> hears(true);
            git.answering = () -> hears(false);
            forge.fate = call -> fate();
            for (int step = 0; step < MOST_STEPS && !isOver(); step++) {
                people(step);
                step();
            }
            git.hearing = () -> true;
            git.answering = () -> true;
            forge.fate = call -> Fate.ANSWERED;
            assertThat(controller.live().gate().status()).as(toString()).isEqualTo(GateStatus.APPROVED);
            assertThat(version()).as(toString()).contains("newTag: " + version);
            assertThat(commits(id)).as(toString()).isEqualTo(1);
            assertThat(forge.pulls.stream().filter(pull -> pull.head.endsWith("/" + id)))
                    .as(toString())
                    .hasSize(1);
            assertThat(git.files(tip("main"))).doesNotContainKey("prod/evil.yaml");
            stop();
        }

        private boolean isOver() {
            Gate gate = controller.live().gate();
            return gate.commit().isPresent()
                    || gate.status() != GateStatus.OPEN && !gate.status().isGranted();
        }

        private void step() throws Exception {
            int before = kept.size();
            try {
                controller.step();
            } catch (GitOpsException failure) {
                assertThat(isDead).as(this + ": " + failure).isTrue();
            }
            while (isDead) {
                // Nothing of what it knew since is left.
                isDead = false;
                nextFault();
                while (kept.size() > before) {
                    kept.remove(kept.size() - 1);
                }
                stop();
                start();
                try {
                    controller.resume();
                } catch (GitOpsException failure) {
                    assertThat(isDead).as(this + ": " + failure).isTrue();
                }
            }
        }

        private Optional<Pull> open() {
            return forge.pulls.stream()
                    .filter(pull -> pull.isOpen() && pull.head.endsWith("/" + id))
                    .findFirst();
        }

        /** Mary approves what is there after a while; somebody does something else now and then. */
        private void people(int step) {
            open().ifPresent(pull -> {
                if (injected < FAULTS_EACH && random.nextInt(4) == 0) {
                    act(pull, Deed.values()[random.nextInt(Deed.values().length)]);
                    faults++;
                } else if (step > 3) {
                    git.tip(pull.head).ifPresent(commit -> {
                        pull.sha = commit;
                        pull.review("mary-gh", "approved");
                    });
                }
                if (injected >= FAULTS_EACH) {
                    pull.checks.put("build", "passed");
                }
            });
        }

        private void act(Pull pull, Deed deed) {
            switch (deed) {
                case DELETE_BRANCH -> git.delete(pull.head);
                case REWRITE_BASE -> {
                    String old = tip("main");
                    git.commit("main", git.parents(old).stream().findFirst(), "Rewritten", git.files(old));
                }
                case EDIT -> {
                    pull.title = "By hand";
                    pull.body = "By hand";
                }
                case PUSH_TO_BRANCH -> git.commit(pull.head, "More", Map.of("prod/evil.yaml", "kind: Secret\n"));
                case PUSH_TO_BASE -> push(Map.of("prod/other.yaml", "kind: ConfigMap # " + id + "\n"));
                case TAKE_REVIEW_BACK -> pull.reviews.clear();
            }
        }

        @Override
        public String toString() {
            return id + " after " + injected + " faults, the last of which is " + fault + " at " + at;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverFailsTheReleaseComesOnceAndByItsGate(boolean autoMerge) throws Exception {
        push(Map.of(
                "gitops.yaml",
                DECLARATION
                        .formatted("squash, approvals: both, autoMerge: " + autoMerge)
                        .replace("deliver:", "gate: { approvals: { required: 1 } }\n        deliver:")));
        forge.looking = pull -> {
            pull.sha = git.tip(pull.head).orElse(pull.sha);
            pull.conflicts = git.tip(pull.head).isEmpty() || merged(pull).isEmpty();
            pull.checks.putIfAbsent("build", "pending");
            mergeByItself(pull);
        };
        forge.merging = this::mergeOfApproved;
        for (int promotion = 0; promotion < PROMOTIONS; promotion++) {
            new Run().go();
        }
        assertThat(faults).isGreaterThanOrEqualTo(150);
    }

    /** Its branch requires an approval of the newest commit, as one should that is merged into by its server. */
    private void mergeByItself(Pull pull) {
        if (!pull.conflicts
                && "approved".equals(pull.reviews.get("mary-gh"))
                && pull.sha.equals(pull.reviewed.get("mary-gh"))) {
            forge.mergeByItself(pull);
        }
    }

    /** Nothing is merged that nobody approved. */
    private String mergeOfApproved(Pull pull) {
        assertThat(pull.reviews).containsEntry("mary-gh", "approved");
        assertThat(pull.reviewed).containsEntry("mary-gh", tip(pull.head));
        return merge(pull);
    }
}
