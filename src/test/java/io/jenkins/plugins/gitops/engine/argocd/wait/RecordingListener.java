package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps what a wait says. */
final class RecordingListener implements Consumer<SyncStatus> {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile Optional<SyncStatus> ended = Optional.empty();

    @Override
    public void accept(SyncStatus status) {
        if (status.isPending()) {
            heard.add(status.summary());
        } else {
            ended = Optional.of(status);
        }
    }

    List<String> heard() {
        return heard;
    }

    Optional<SyncStatus> ended() {
        return ended;
    }

    SyncStatus awaitEnd() {
        await().untilAsserted(() -> assertThat(ended).as("after %s", heard).isPresent());
        return ended.orElseThrow();
    }
}
