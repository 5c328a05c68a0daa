package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A wait under way: looks again when an informer, a look-up or a timer says so, until it has an answer. What is public is
 * safe for any thread, and does not block.
 */
public final class SyncWait {

    /** How long to gather details of a failure before ending without them. */
    private static final Duration DETAILS = Duration.ofSeconds(10);

    private final SyncRequest request;
    private final Consumer<SyncStatus> listener;
    private final EventLoop loop;
    private final CommitRelations relations;
    private final List<FollowedApplications> parts = new ArrayList<>(1);

    private Future<?> timer = CompletableFuture.completedFuture(null);
    private boolean looking;
    private boolean concluding;
    private volatile boolean ended;
    private volatile SyncStatus status = SyncStatus.of(Map.of("Argo CD", Verdict.CONNECTING));

    SyncWait(SyncRequest request, Consumer<SyncStatus> listener, EventLoop loop) {
        this.request = request;
        this.listener = listener;
        this.loop = loop;
        this.relations = new CommitRelations(request, loop, this::look);
    }

    /** Where it stands now. */
    public SyncStatus status() {
        return status;
    }

    /** Ends it without an answer; the listener hears nothing more once this returns, but for a call already under way. */
    public void cancel() {
        ended = true;
        loop.run(() -> {
            parts.forEach(FollowedApplications::withdrawSyncs);
            release();
        });
    }

    void start(ArgoCdConnections connections) {
        if (ended) {
            return;
        }
        Instant now = loop.now();
        for (AwaitedApplications awaited : request.applications()) {
            parts.add(new FollowedApplications(awaited, request, now, this::look));
        }
        // A connection that is already open calls back at once: decide only when every part has a lease to return.
        looking = true;
        parts.forEach(part -> part.lease(connections));
        looking = false;
        look();
    }

    /** Decides again. Called on the loop, as often as anything may have changed. */
    private void look() {
        if (ended || concluding || looking) {
            return;
        }
        looking = true;
        Instant now = loop.now();
        Instant next = request.deadline();
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (FollowedApplications part : parts) {
            next = earlier(next, part.look(relations, now, verdicts));
        }
        next = earlier(next, relations.reviewAt().orElse(next));
        if (!now.isBefore(request.deadline())) {
            verdicts.replaceAll((title, verdict) ->
                    verdict instanceof Verdict.Pending pending ? new Verdict.TimedOut(pending.explanation()) : verdict);
        }
        looking = false;
        SyncStatus latest = SyncStatus.of(verdicts);
        timer.cancel(false);
        if (latest.isPending()) {
            tell(latest);
            timer = loop.after(
                    Duration.ofMillis(Math.max(1, Duration.between(now, next).toMillis() + 1)), this::look);
        } else {
            conclude(latest);
        }
    }

    static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private void tell(SyncStatus latest) {
        boolean known = !latest.verdicts().values().stream().allMatch(Verdict.CONNECTING::equals);
        boolean news = known && !latest.summary().equals(status.summary());
        status = latest;
        if (news && !ended) {
            listener.accept(latest);
        }
    }

    /** Asks for the details of what has failed, and ends when they are there. */
    private void conclude(SyncStatus latest) {
        concluding = true;
        Map<String, Verdict> detailed = new TreeMap<>(latest.verdicts());
        List<CompletableFuture<Void>> open = new ArrayList<>();
        latest.verdicts().forEach((title, verdict) -> {
            if (verdict instanceof Verdict.Failed failed) {
                parts.forEach(part -> part.details(title, failed)
                        .ifPresent(details -> open.add(details.thenAccept(full -> loop.run(() -> {
                            detailed.put(title, full);
                        })))));
            }
        });
        if (open.isEmpty()) {
            end(latest);
            return;
        }
        timer = loop.after(DETAILS, () -> end(SyncStatus.of(detailed)));
        CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
                .thenRun(() -> loop.run(() -> end(SyncStatus.of(detailed))));
    }

    private void end(SyncStatus last) {
        if (!ended) {
            ended = true;
            status = last;
            if (last.kind() != Verdict.Kind.HEALTHY) {
                parts.forEach(FollowedApplications::withdrawSyncs);
            }
            release();
            listener.accept(last);
        }
    }

    private void release() {
        timer.cancel(false);
        parts.forEach(FollowedApplications::release);
    }
}
