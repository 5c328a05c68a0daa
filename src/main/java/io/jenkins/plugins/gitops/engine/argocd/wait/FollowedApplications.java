package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Accepted;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder.Prune;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.FailureReport;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Timeline;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Pending;
import io.jenkins.plugins.gitops.engine.argocd.verdict.VerdictRule;
import io.jenkins.plugins.gitops.engine.argocd.wait.ArgoCdConnections.OpenConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The Applications of a wait that live on one connection: what was seen of them, and the lease that feeds them. Confined to the
 * event loop.
 */
final class FollowedApplications implements ArgoCdConnections.LeaseListener, Informer.Subscriber {

    private static final int MOST_REFRESHES = 2;
    private static final Duration SECOND_REFRESH = Duration.ofSeconds(15);

    private final AwaitedApplications awaited;
    private final SyncRequest request;
    private final Instant since;
    private final Runnable changed;
    /** With a label selector it grows as Applications are found, and with an app of apps as its children are. */
    private final Map<ApplicationName, Followed> followed = new TreeMap<>();

    private Optional<OpenConnection> connection = Optional.empty();
    private Optional<ArgoCdConnections.Lease> lease = Optional.empty();
    private Optional<String> noConnection = Optional.empty();
    /** Since when every request has been refused, without a break. */
    private Optional<Instant> refusedSince = Optional.empty();
    /** Since when no Application has matched. */
    private Optional<Instant> emptySince = Optional.empty();

    /** One Application of the wait. */
    private static final class Followed {
        final Expectation expectation;
        /** A comparison that began before this proves nothing. */
        final Instant since;

        Timeline timeline = Timeline.START;
        /** How many refreshes of it were accepted since. */
        int refreshes;

        Optional<Instant> freshSince = Optional.empty();

        Followed(Expectation expectation, Instant since) {
            this.expectation = expectation;
            this.since = since;
        }
    }

    /** @param changed called when it is worth another look */
    FollowedApplications(AwaitedApplications awaited, SyncRequest request, Instant since, Runnable changed) {
        this.awaited = awaited;
        this.request = request;
        this.since = since;
        this.changed = changed;
    }

    void lease(ArgoCdConnections connections) {
        lease = Optional.of(connections.lease(awaited.connection(), awaited.namespace(), this));
    }

    void release() {
        connection.ifPresent(open -> open.informer().unsubscribe(this));
        connection = Optional.empty();
        lease.ifPresent(ArgoCdConnections.Lease::giveBack);
        lease = Optional.empty();
    }

    /** Takes back the syncs that were requested and have not begun: a closed window would let them start any time later. */
    void withdrawSyncs() {
        if (request.policy().syncing() == Policy.Syncing.REQUESTED) {
            connection.ifPresent(
                    open -> followed.keySet().forEach(name -> open.syncs().withdraw(name, order())));
        }
    }

    @Override
    public void connected(OpenConnection open) {
        connection = Optional.of(open);
        awaited.selector()
                .singleName()
                .ifPresentOrElse(
                        name -> open.informer().subscribe(new ApplicationName(open.namespace(), name), this),
                        () -> open.informer().subscribeToAll(this));
        changed.run();
    }

    @Override
    public void notConnected(RuntimeException cause) {
        noConnection = Optional.of(String.valueOf(cause.getMessage()));
        changed.run();
    }

    @Override
    public void changed() {
        changed.run();
    }

    /**
     * Looks at the Applications and requests what they need.
     *
     * @param verdicts where each Application's verdict goes
     * @return when to look again at the latest
     */
    Instant look(CommitRelations relations, Instant now, Map<String, Verdict> verdicts) {
        if (noConnection.isPresent()) {
            verdicts.put(title(), new Verdict.Failed(noConnection.get(), FailureReport.EMPTY));
            return request.deadline();
        }
        if (connection.isEmpty()) {
            return put(verdicts, Verdict.CONNECTING, now);
        }
        Informer informer = connection.get().informer();
        if (informer.trouble().isPresent()) {
            return blind(informer.trouble().get(), now, verdicts);
        }
        refusedSince = Optional.empty();
        if (!informer.isListed()) {
            return put(verdicts, Verdict.CONNECTING, now);
        }
        select(informer);
        if (followed.isEmpty()) {
            return nothingSelected(now, verdicts);
        }
        emptySince = Optional.empty();
        Instant next = request.deadline();
        for (ApplicationName name : List.copyOf(followed.keySet())) {
            next = earlier(next, look(name, relations, now, verdicts));
        }
        return next;
    }

    private Instant look(ApplicationName name, CommitRelations relations, Instant now, Map<String, Verdict> verdicts) {
        Followed one = followed.get(name);
        see(name, one, now);
        Verdict verdict =
                VerdictRule.decide(one.expectation, request.policy(), request.id(), one.timeline, relations, now);
        Instant next = request.deadline();
        if (verdict instanceof Pending pending) {
            boolean inTime = now.isBefore(request.deadline());
            if (inTime) {
                next = earlier(next, bringOn(one, pending, now));
                next = earlier(next, pending.reviewAt().orElse(next));
            }
            Pending annotated = annotate(name, pending, relations);
            verdict = inTime ? annotated : new Verdict.TimedOut(annotated.explanation());
        } else if (verdict instanceof Verdict.Healthy) {
            verdict = withChildren(one, verdict, now);
            next = verdict instanceof Pending ? now : next;
        }
        verdicts.put(title(name), verdict);
        return next;
    }

    private void see(ApplicationName name, Followed one, Instant now) {
        OpenConnection open = connection.orElseThrow();
        Optional<Accepted> accepted = open.refreshes().accepted(name, one.since);
        if (accepted.isPresent() && !accepted.equals(one.timeline.accepted())) {
            one.refreshes++;
        }
        Optional<Observation> seen = open.informer()
                .application(name)
                .map(app -> app.with(open.syncs().resources(name)));
        one.timeline = one.timeline.next(seen, accepted, now);
        one.freshSince = one.timeline.isFresh() ? Optional.of(one.freshSince.orElse(now)) : Optional.empty();
    }

    /**
     * An app of apps is Healthy whatever its children are. From then on they are waited for, too: each must be compared
     * again, since their definitions may just have changed.
     */
    private Verdict withChildren(Followed parent, Verdict healthy, Instant now) {
        List<ApplicationName> children =
                parent.timeline.application().map(Observation::children).orElse(List.of());
        OpenConnection open = connection.orElseThrow();
        boolean added = false;
        for (ApplicationName child : children) {
            if (!child.namespace().equals(open.namespace())) {
                return new Verdict.Failed(
                        "its child Application " + child + " is in a namespace that is not watched, so that its health"
                                + " is unknown: wait for the children themselves, by name or selector",
                        FailureReport.EMPTY);
            }
            if (!followed.containsKey(child)) {
                followed.put(child, new Followed(Expectation.CURRENT, now));
                open.informer().subscribe(child, this);
                added = true;
            }
        }
        return added
                ? new Pending(healthy.explanation() + ", waiting for its children", Set.of(), Optional.empty())
                : healthy;
    }

    /** The stream is down: what was seen may be stale, so nothing is concluded and no grace time runs. */
    private Instant blind(ArgoCdException trouble, Instant now, Map<String, Verdict> verdicts) {
        followed.values().forEach(one -> one.timeline = one.timeline.interrupted());
        emptySince = Optional.empty();
        Pending retrying = new Pending(trouble.getMessage() + " (retrying)", Set.of(), Optional.empty());
        if (trouble.reason() != Reason.REFUSED && trouble.reason() != Reason.MISSING) {
            refusedSince = Optional.empty();
            return put(verdicts, retrying, now);
        }
        refusedSince = Optional.of(refusedSince.orElse(now));
        Instant giveUp = refusedSince.get().plus(request.policy().trouble());
        if (!now.isBefore(giveUp)) {
            verdicts.put(title(), new Verdict.Failed(trouble.getMessage(), FailureReport.EMPTY));
            return request.deadline();
        }
        return earlier(giveUp, put(verdicts, retrying, now));
    }

    private void select(Informer informer) {
        Optional<String> single = awaited.selector().singleName();
        if (single.isPresent()) {
            follow(new ApplicationName(connection.orElseThrow().namespace(), single.get()));
        } else {
            informer.applications().stream()
                    .filter(awaited.selector()::selects)
                    .map(Observation::name)
                    .forEach(this::follow);
        }
    }

    private void follow(ApplicationName name) {
        followed.putIfAbsent(name, new Followed(request.expectation(), since));
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

    private Instant bringOn(Followed one, Pending pending, Instant now) {
        SyncRequests syncs = connection.orElseThrow().syncs();
        Instant next = request.deadline();
        if (one.timeline.application().isEmpty()) {
            return next;
        }
        Observation app = one.timeline.application().get();
        for (Need need : pending.needs()) {
            next = earlier(
                    next,
                    switch (need) {
                        case REFRESH -> refresh(one, app, now);
                        case RENDER -> connection.get().refreshes().request(app, Refresh.HARD, one.since);
                        case SYNC -> syncs.sync(app.name(), order(), since);
                        case REASON -> reason(app, now);
                        case RESOURCES -> syncs.askResources(app.name(), since);
                    });
        }
        return next;
    }

    /** At most two for each commit: the second where Argo CD's copy of the repository did not have it at the first. */
    private Instant refresh(Followed one, Observation app, Instant now) {
        if (one.freshSince.isPresent()) {
            Instant second = one.freshSince.get().plus(SECOND_REFRESH);
            if (one.refreshes >= MOST_REFRESHES || now.isBefore(second)) {
                return one.refreshes >= MOST_REFRESHES ? request.deadline() : second;
            }
        }
        return connection
                .orElseThrow()
                .refreshes()
                .request(app, request.policy().refresh(), one.since);
    }

    /** A sync window that opens is not noticed by Argo CD before its next poll. */
    private Instant reason(Observation app, Instant now) {
        SyncRequests syncs = connection.orElseThrow().syncs();
        Optional<Instant> opened = syncs.openedAt(app.name());
        Instant again = syncs.askReason(app.name(), since);
        return opened.isPresent()
                        && connection
                                .get()
                                .refreshes()
                                .accepted(app.name(), opened.get())
                                .isEmpty()
                ? earlier(again, connection.get().refreshes().request(app, Refresh.NORMAL, opened.get()))
                : again;
    }

    private SyncOrder order() {
        return new SyncOrder(List.of(), Prune.KEEP, Map.of(SyncRequest.MARK, request.id()));
    }

    private Pending annotate(ApplicationName name, Pending pending, CommitRelations relations) {
        OpenConnection open = connection.orElseThrow();
        StringBuilder text = new StringBuilder(pending.explanation());
        if (pending.needs().contains(Need.REASON)) {
            open.syncs().reason(name).ifPresent(reason -> text.append("; ").append(reason));
        }
        if (!pending.needs().isEmpty()) {
            open.refreshes().refusal(name).ifPresent(answer -> text.append("; ").append(answer));
            open.syncs().refusal(name).ifPresent(answer -> text.append("; ").append(answer));
        }
        relations.problem().ifPresent(problem -> text.append("; ").append(problem));
        return new Pending(text.toString(), pending.needs(), pending.reviewAt());
    }

    /** What a request could tell about a failed Application. */
    record Inquiry(String title, ApplicationName application, Verdict.Failed failed, OpenConnection open) {

        /** @param told called with the failure and what was found out about it, on any thread */
        void begin(Consumer<Verdict.Failed> told) {
            open.requests().execute(() -> told.accept(detailed()));
        }

        /** Blocks; what cannot be found out is left out. */
        private Verdict.Failed detailed() {
            List<ResourceState> resources;
            try {
                resources = open.argoCd().unhealthyResources(application);
            } catch (ArgoCdException cannot) {
                resources = List.of();
            }
            return new Verdict.Failed(
                    failed.explanation(),
                    failed.report().with(resources, open.argoCd().page(application)));
        }
    }

    /** One for each of its Applications that has failed by these verdicts. */
    List<Inquiry> inquiries(Map<String, Verdict> verdicts) {
        List<Inquiry> inquiries = new ArrayList<>();
        connection.ifPresent(up -> followed.keySet().forEach(name -> {
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
