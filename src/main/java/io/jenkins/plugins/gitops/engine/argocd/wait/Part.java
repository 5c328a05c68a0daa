package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder.Prune;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.FailureReport;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Track;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Pending;
import io.jenkins.plugins.gitops.engine.argocd.verdict.VerdictRule;
import io.jenkins.plugins.gitops.engine.argocd.wait.ArgoCdConnections.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The Applications of a wait that live on one connection: their tracks, and the lease that feeds them. Confined to the
 * event loop.
 */
final class Part implements ArgoCdConnections.Tenant, SharedFeed.Subscriber {

    private final AwaitedApplications awaited;
    private final SyncRequest request;
    private final Instant since;
    private final Runnable changed;
    /** By Application; with a label selector it grows as Applications are found. */
    private final Map<ApplicationName, Track> tracks = new TreeMap<>();

    private Optional<Line> line = Optional.empty();
    private Optional<ArgoCdConnections.Lease> lease = Optional.empty();
    private Optional<String> noConnection = Optional.empty();
    /** Since when every request has been refused, without a break. */
    private Optional<Instant> refusedSince = Optional.empty();
    /** Since when no Application has matched. */
    private Optional<Instant> emptySince = Optional.empty();

    /** @param changed called when it is worth another look */
    Part(AwaitedApplications awaited, SyncRequest request, Instant since, Runnable changed) {
        this.awaited = awaited;
        this.request = request;
        this.since = since;
        this.changed = changed;
    }

    void lease(ArgoCdConnections connections) {
        lease = Optional.of(connections.lease(awaited.connection(), awaited.namespace(), this));
    }

    void release() {
        line.ifPresent(up -> awaited.selector()
                .singleName()
                .ifPresentOrElse(
                        name -> up.feed().unsubscribe(new ApplicationName(up.namespace(), name), this),
                        () -> up.feed().unsubscribe(this)));
        line = Optional.empty();
        lease.ifPresent(ArgoCdConnections.Lease::giveBack);
        lease = Optional.empty();
    }

    @Override
    public void connected(Line up) {
        line = Optional.of(up);
        awaited.selector()
                .singleName()
                .ifPresentOrElse(
                        name -> up.feed().subscribe(new ApplicationName(up.namespace(), name), this),
                        () -> up.feed().subscribeToAll(this));
        changed.run();
    }

    @Override
    public void notConnected(RuntimeException cause) {
        noConnection = Optional.of(String.valueOf(cause.getMessage()));
        changed.run();
    }

    @Override
    public void feedChanged() {
        changed.run();
    }

    /**
     * Looks at the Applications and asks for what they need.
     *
     * @param verdicts where each Application's verdict goes
     * @return when to look again at the latest
     */
    Instant look(Lineages lineages, Instant now, Map<String, Verdict> verdicts) {
        if (noConnection.isPresent()) {
            verdicts.put(title(), new Verdict.Failed(noConnection.get(), FailureReport.EMPTY));
            return request.deadline();
        }
        if (line.isEmpty()) {
            return put(verdicts, Verdict.CONNECTING, now);
        }
        SharedFeed feed = line.get().feed();
        if (feed.trouble().isPresent()) {
            return blind(feed.trouble().get(), now, verdicts);
        }
        refusedSince = Optional.empty();
        if (!feed.isListed()) {
            return put(verdicts, Verdict.CONNECTING, now);
        }
        follow(feed, now);
        if (tracks.isEmpty()) {
            return nothingSelected(now, verdicts);
        }
        emptySince = Optional.empty();
        Instant next = request.deadline();
        for (Map.Entry<ApplicationName, Track> entry : tracks.entrySet()) {
            Verdict verdict = VerdictRule.regardlessOfTheDeadline(request, entry.getValue(), lineages, now);
            if (verdict instanceof Pending pending) {
                Pending annotated = annotate(entry.getKey(), pending, lineages);
                if (now.isBefore(request.deadline())) {
                    next = earlier(next, nudge(entry.getValue(), pending));
                    next = earlier(next, pending.reviewAt().orElse(next));
                    verdict = annotated;
                } else {
                    verdict = new Verdict.TimedOut(annotated.explanation());
                }
            }
            verdicts.put(title(entry.getKey()), verdict);
        }
        return next;
    }

    /** The stream is down: what was seen may be stale, so nothing is concluded and no grace time runs. */
    private Instant blind(ArgoCdException trouble, Instant now, Map<String, Verdict> verdicts) {
        tracks.replaceAll((name, track) -> track.interrupted());
        emptySince = Optional.empty();
        if (trouble.reason() != Reason.REFUSED && trouble.reason() != Reason.MISSING) {
            refusedSince = Optional.empty();
            return put(
                    verdicts, new Pending(trouble.getMessage() + " (trying again)", Set.of(), Optional.empty()), now);
        }
        refusedSince = Optional.of(refusedSince.orElse(now));
        Instant giveUp = refusedSince.get().plus(request.policy().trouble());
        if (!now.isBefore(giveUp)) {
            verdicts.put(title(), new Verdict.Failed(trouble.getMessage(), FailureReport.EMPTY));
            return request.deadline();
        }
        put(verdicts, new Pending(trouble.getMessage() + " (trying again)", Set.of(), Optional.of(giveUp)), now);
        return earlier(giveUp, request.deadline());
    }

    private void follow(SharedFeed feed, Instant now) {
        Optional<String> single = awaited.selector().singleName();
        if (single.isPresent()) {
            tracks.putIfAbsent(new ApplicationName(line.orElseThrow().namespace(), single.get()), Track.START);
        } else {
            feed.applications().stream()
                    .filter(awaited.selector()::selects)
                    .forEach(application -> tracks.putIfAbsent(application.name(), Track.START));
        }
        tracks.replaceAll((name, track) -> track.next(feed.application(name), now));
    }

    private Instant nothingSelected(Instant now, Map<String, Verdict> verdicts) {
        emptySince = Optional.of(emptySince.orElse(now));
        Instant giveUp = emptySince.get().plus(request.policy().appearance());
        if (!now.isBefore(giveUp)) {
            verdicts.put(
                    title(),
                    new Verdict.Failed(
                            "no Application has these labels; check them, and that the connection may list the"
                                    + " namespace",
                            FailureReport.EMPTY));
            return request.deadline();
        }
        put(verdicts, new Pending("no Application has these labels yet", Set.of(), Optional.of(giveUp)), now);
        return earlier(giveUp, request.deadline());
    }

    private Instant put(Map<String, Verdict> verdicts, Pending pending, Instant now) {
        boolean over = !now.isBefore(request.deadline());
        verdicts.put(title(), over ? new Verdict.TimedOut(pending.explanation()) : pending);
        return request.deadline();
    }

    private Instant nudge(Track track, Pending pending) {
        Nudges nudges = line.orElseThrow().nudges();
        Instant next = request.deadline();
        if (track.application().isEmpty()) {
            return next;
        }
        ObservedApplication application = track.application().get();
        if (pending.needs().contains(Need.REFRESH)) {
            next = earlier(next, nudges.refresh(application, request.policy().refresh(), since));
        }
        if (pending.needs().contains(Need.LOOK)) {
            Instant ended = track.steadySince().orElse(since);
            next = earlier(next, nudges.refresh(application, request.policy().refresh(), ended));
        }
        if (pending.needs().contains(Need.SYNC)) {
            SyncOrder order = new SyncOrder(List.of(), Prune.KEEP, Map.of(SyncRequest.MARK, request.id()));
            next = earlier(next, nudges.sync(application.name(), order, since));
        }
        if (pending.needs().contains(Need.REASON)) {
            next = earlier(next, nudges.askReason(application.name(), since));
        }
        return next;
    }

    private Pending annotate(ApplicationName name, Pending pending, Lineages lineages) {
        StringBuilder text = new StringBuilder(pending.explanation());
        if (pending.needs().contains(Need.REASON)) {
            line.orElseThrow()
                    .nudges()
                    .reason(name)
                    .ifPresent(reason -> text.append("; ").append(reason));
        }
        if (!pending.needs().isEmpty()) {
            line.orElseThrow()
                    .nudges()
                    .refusal(name)
                    .ifPresent(said -> text.append("; ").append(said));
        }
        lineages.problem().ifPresent(problem -> text.append("; ").append(problem));
        return new Pending(text.toString(), pending.needs(), pending.reviewAt());
    }

    /** What a request could tell about a failed Application. */
    record Inquiry(String title, ApplicationName application, Verdict.Failed failed, Line line) {

        /** @param told called with the failure and what was found out about it, on any thread */
        void begin(Consumer<Verdict.Failed> told) {
            line.requests().execute(() -> told.accept(detailed()));
        }

        /** Blocks; what cannot be found out is left out. */
        private Verdict.Failed detailed() {
            List<ResourceState> resources;
            try {
                resources = line.argoCd().unhealthyResources(application);
            } catch (ArgoCdException cannot) {
                resources = List.of();
            }
            return new Verdict.Failed(
                    failed.explanation(),
                    failed.report().with(resources, line.argoCd().page(application)));
        }
    }

    /** One for each of its Applications that has failed by these verdicts. */
    List<Inquiry> inquiries(Map<String, Verdict> verdicts) {
        List<Inquiry> inquiries = new ArrayList<>();
        line.ifPresent(up -> tracks.keySet().forEach(name -> {
            if (verdicts.get(title(name)) instanceof Verdict.Failed failed) {
                inquiries.add(new Inquiry(title(name), name, failed, up));
            }
        }));
        return inquiries;
    }

    private String title() {
        return awaited.selector().toString();
    }

    private String title(ApplicationName name) {
        return awaited.namespace().isPresent() ? name.toString() : name.name();
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }
}
