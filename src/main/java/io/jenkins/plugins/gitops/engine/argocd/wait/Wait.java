package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One wait's life: looks again when a feed, a look-up or a timer says so, until it has an answer. */
final class Wait implements SyncWait {

    /** How long to gather details of a failure before ending without them. */
    private static final Duration DETAILS = Duration.ofSeconds(10);

    private final SyncRequest request;
    private final SyncListener listener;
    private final ArgoCdConnections connections;
    private final Threads threads;
    private final InstantSource clock;
    private final CommitRelations relations;
    private final List<FollowedApplications> parts = new ArrayList<>(1);

    private Threads.Timer timer = Threads.Timer.NONE;
    private boolean looking;
    private boolean concluding;
    private volatile boolean ended;
    private volatile SyncStatus status;

    Wait(
            SyncRequest request,
            SyncListener listener,
            ArgoCdConnections connections,
            Threads threads,
            InstantSource clock) {
        this.request = request;
        this.listener = listener;
        this.connections = connections;
        this.threads = threads;
        this.clock = clock;
        Expectation expected = request.expectation();
        this.relations = new CommitRelations(
                expected.commit().orElse(""),
                request.ancestry(),
                threads.lookups(expected.repository().orElse("")),
                threads,
                clock,
                this::look);
        this.status = SyncStatus.of(Map.of("Argo CD", Verdict.CONNECTING));
    }

    void start() {
        if (ended) {
            return;
        }
        Instant now = clock.instant();
        for (AwaitedApplications awaited : request.applications()) {
            parts.add(new FollowedApplications(awaited, request, now, this::look));
        }
        // A connection that is open already calls back at once: look when every part has its lease, to give it back.
        looking = true;
        parts.forEach(part -> part.lease(connections));
        looking = false;
        look();
    }

    @Override
    public SyncStatus status() {
        return status;
    }

    @Override
    public void cancel() {
        ended = true;
        threads.onLoop(() -> {
            parts.forEach(FollowedApplications::withdrawSyncs);
            release();
        });
    }

    /** Decides anew. Called on the loop, as often as anything may have changed. */
    private void look() {
        if (ended || concluding || looking) {
            return;
        }
        looking = true;
        Instant now = clock.instant();
        Instant next = request.deadline();
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (FollowedApplications part : parts) {
            next = earlier(next, part.look(relations, now, verdicts));
        }
        next = earlier(next, relations.reviewAt().orElse(next));
        looking = false;
        SyncStatus latest = SyncStatus.of(verdicts);
        if (latest.isPending()) {
            tell(latest);
            timer.cancel();
            timer = threads.onLoopAfter(Math.max(1, Duration.between(now, next).toMillis() + 1), this::look);
        } else {
            conclude(latest);
        }
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private void tell(SyncStatus latest) {
        boolean known = !latest.verdicts().values().stream().allMatch(Verdict.CONNECTING::equals);
        boolean news = known && !latest.summary().equals(status.summary());
        status = latest;
        if (news && !ended) {
            listener.changed(latest);
        }
    }

    private void conclude(SyncStatus latest) {
        concluding = true;
        timer.cancel();
        Map<String, Verdict> detailed = new TreeMap<>(latest.verdicts());
        Map<String, FollowedApplications.Inquiry> open = new TreeMap<>();
        parts.forEach(part -> part.inquiries(latest.verdicts()).forEach(inquiry -> open.put(inquiry.title(), inquiry)));
        if (open.isEmpty()) {
            end(latest);
            return;
        }
        timer = threads.onLoopAfter(DETAILS.toMillis(), () -> end(SyncStatus.of(detailed)));
        List.copyOf(open.values())
                .forEach(inquiry -> inquiry.begin(failed -> threads.onLoop(() -> {
                    detailed.put(inquiry.title(), failed);
                    open.remove(inquiry.title());
                    if (open.isEmpty()) {
                        end(SyncStatus.of(detailed));
                    }
                })));
    }

    private void end(SyncStatus last) {
        if (!ended) {
            ended = true;
            status = last;
            if (last.kind() != Verdict.Kind.HEALTHY) {
                parts.forEach(FollowedApplications::withdrawSyncs);
            }
            release();
            listener.ended(last);
        }
    }

    private void release() {
        timer.cancel();
        parts.forEach(FollowedApplications::release);
    }
}
