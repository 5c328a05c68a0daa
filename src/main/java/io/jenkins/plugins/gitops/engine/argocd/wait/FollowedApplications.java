package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.wait.SyncWait.earlier;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.FailureReport;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Timeline;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Pending;
import io.jenkins.plugins.gitops.engine.argocd.verdict.VerdictRule;
import io.jenkins.plugins.gitops.engine.argocd.wait.ArgoCdConnections.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The Applications of a wait that live on one connection: what was seen of them, and the lease that feeds them. Confined to the
 * event loop.
 */
final class FollowedApplications implements ArgoCdConnections.Lessee {

    private static final int MOST_REFRESHES = 2;
    private static final Duration SECOND_REFRESH = Duration.ofSeconds(15);

    private final AwaitedApplications awaited;
    private final SyncRequest request;
    private final Instant since;
    private final Runnable changed;
    /** With a label selector it grows as Applications are found, and with an app of apps as its children are. */
    private final Map<ApplicationName, Followed> followed = new TreeMap<>();

    private Optional<Connection> connection = Optional.empty();
    private Runnable giveBack = () -> {};
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
        giveBack = connections.lease(awaited.connection(), Optional.ofNullable(awaited.namespace()), this);
    }

    void release() {
        connection.ifPresent(open -> open.informer().unsubscribe(changed));
        connection = Optional.empty();
        giveBack.run();
        giveBack = () -> {};
    }

    /** Takes back the syncs that were requested and have not begun: a closed window would let them start any time later. */
    void withdrawSyncs() {
        if (request.policy().has(Policy.Option.SYNC)) {
            connection.ifPresent(open ->
                    followed.keySet().forEach(name -> open.requests().withdraw(name, request.id())));
        }
    }

    @Override
    public void connected(Connection open) {
        connection = Optional.of(open);
        String name = awaited.name();
        if (name == null) {
            open.informer().subscribeToAll(changed);
        } else {
            open.informer().subscribe(new ApplicationName(open.namespace(), name), changed);
        }
        changed.run();
    }

    @Override
    public void notConnected(RuntimeException cause) {
        noConnection = Optional.of(String.valueOf(cause.getMessage()));
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
            return put(verdicts, new Verdict.Failed(noConnection.get(), FailureReport.EMPTY));
        }
        if (connection.isEmpty()) {
            return put(verdicts, Verdict.CONNECTING);
        }
        Informer informer = connection.get().informer();
        if (informer.trouble().isPresent()) {
            return blind(informer.trouble().get(), now, verdicts);
        }
        refusedSince = Optional.empty();
        if (!informer.isListed()) {
            return put(verdicts, Verdict.CONNECTING);
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
        Verdict verdict = VerdictRule.decide(
                one.expectation, request.policy(), request.id(), one.timeline, relations(one, relations), now);
        Instant next = request.deadline();
        if (verdict instanceof Pending pending) {
            if (now.isBefore(next)) {
                next = earlier(next, bringOn(one, pending, now));
                next = earlier(next, pending.reviewAt().orElse(next));
            }
            verdict = annotate(name, pending, relations);
        } else if (verdict instanceof Verdict.Healthy) {
            verdict = withChildren(one, verdict, now);
            next = verdict instanceof Pending ? now : next;
        }
        verdicts.put(title(name), verdict);
        return next;
    }

    /** Without the config repository, what Argo CD itself tells of the order of revisions has to do. */
    private Function<String, CommitRelation> relations(Followed one, CommitRelations relations) {
        return request.ancestry().isPresent() || one.expectation.commit().isEmpty()
                ? relations
                : revision -> one.timeline.relation(one.expectation.commit().get(), revision);
    }

    private void see(ApplicationName name, Followed one, Instant now) {
        Connection open = connection.orElseThrow();
        Optional<Observation> seen = open.informer()
                .application(name)
                .map(app -> app.with(open.requests().resources(name, resourcesSince(one))));
        one.timeline = one.timeline.next(seen, open.requests().accepted(name, one.since), now);
        one.freshSince = one.timeline.isFresh() ? Optional.of(one.freshSince.orElse(now)) : Optional.empty();
    }

    /** What was unhealthy before this sync is what it may be there to mend. */
    private Instant resourcesSince(Followed one) {
        return one.timeline.since().steady().orElse(since);
    }

    /**
     * An app of apps is Healthy whatever its children are. From then on they are waited for, too: each must be compared
     * again, since their definitions may just have changed.
     */
    private Verdict withChildren(Followed parent, Verdict healthy, Instant now) {
        List<ApplicationName> children =
                parent.timeline.application().map(Observation::children).orElse(List.of());
        Connection open = connection.orElseThrow();
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
                open.informer().subscribe(child, changed);
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
            return put(verdicts, retrying);
        }
        refusedSince = Optional.of(refusedSince.orElse(now));
        Instant giveUp = refusedSince.get().plus(request.policy().trouble());
        if (!now.isBefore(giveUp)) {
            return put(verdicts, new Verdict.Failed(trouble.getMessage(), FailureReport.EMPTY));
        }
        return earlier(giveUp, put(verdicts, retrying));
    }

    private void select(Informer informer) {
        String name = awaited.name();
        if (name != null) {
            follow(new ApplicationName(connection.orElseThrow().namespace(), name));
        } else {
            informer.applications().stream()
                    .filter(awaited::selects)
                    .map(Observation::name)
                    .forEach(this::follow);
        }
    }

    private void follow(ApplicationName name) {
        followed.computeIfAbsent(name, any -> {
            Instant begun = request.expectation()
                    .commit()
                    .map(commit -> connection.orElseThrow().requests().since(name, commit, since))
                    .orElse(since);
            return new Followed(request.expectation(), begun);
        });
    }

    private Instant nothingSelected(Instant now, Map<String, Verdict> verdicts) {
        emptySince = Optional.of(emptySince.orElse(now));
        Instant giveUp = emptySince.get().plus(request.policy().appearance());
        if (!now.isBefore(giveUp)) {
            return put(
                    verdicts,
                    new Verdict.Failed(
                            "no Application has these labels; check them, and that the connection may list the"
                                    + " namespace",
                            FailureReport.EMPTY));
        }
        return earlier(
                giveUp,
                put(verdicts, new Pending("no Application has these labels yet", Set.of(), Optional.of(giveUp))));
    }

    private Instant put(Map<String, Verdict> verdicts, Verdict verdict) {
        verdicts.put(awaited.title(), verdict);
        return request.deadline();
    }

    private Instant bringOn(Followed one, Pending pending, Instant now) {
        Instant next = request.deadline();
        if (one.timeline.application().isEmpty()) {
            return next;
        }
        Observation app = one.timeline.application().get();
        ApplicationRequests requests = connection.orElseThrow().requests();
        for (Need need : pending.needs()) {
            next = earlier(
                    next,
                    switch (need) {
                        case REFRESH -> refresh(one, app, requests, now);
                        case RENDER -> requests.refresh(app, Refresh.HARD, one.since);
                        case SYNC -> requests.sync(app.name(), request.id(), since);
                        case REASON -> reason(one, app, requests, now);
                        case RESUME ->
                            request.policy().has(Policy.Option.RESUME)
                                    ? requests.resume(app, resourcesSince(one))
                                    : request.deadline();
                        case RESOURCES -> requests.askResources(app.name(), resourcesSince(one));
                    });
        }
        return next;
    }

    /** At most two for each commit: the second where Argo CD's copy of the repository did not have it at the first. */
    private Instant refresh(Followed one, Observation app, ApplicationRequests requests, Instant now) {
        if (one.freshSince.isPresent()) {
            Instant second = one.freshSince.get().plus(SECOND_REFRESH);
            boolean enough = requests.accepts(app.name(), one.since) >= MOST_REFRESHES;
            if (enough || now.isBefore(second)) {
                return enough ? request.deadline() : second;
            }
        }
        return requests.refresh(app, request.policy().refresh(), one.since);
    }

    /**
     * A sync window that opens is not noticed by Argo CD before its next poll; one that is open when it is first asked
     * about may have opened since Argo CD compared.
     */
    private Instant reason(Followed one, Observation app, ApplicationRequests requests, Instant now) {
        Instant again = requests.askReason(app.name(), since);
        Optional<Instant> opened = requests.openedAt(app.name());
        if (opened.isPresent() && requests.accepted(app.name(), opened.get()).isEmpty()) {
            return earlier(again, requests.refresh(app, Refresh.NORMAL, opened.get()));
        }
        return requests.isFree(app.name(), since) ? earlier(again, refresh(one, app, requests, now)) : again;
    }

    private Pending annotate(ApplicationName name, Pending pending, CommitRelations relations) {
        ApplicationRequests requests = connection.orElseThrow().requests();
        List<String> parts = new ArrayList<>(List.of(pending.explanation()));
        if (pending.needs().contains(Need.REASON)) {
            requests.heldBy(name).ifPresent(parts::add);
        }
        if (!pending.needs().isEmpty()) {
            parts.addAll(requests.refusals(name));
        }
        relations.problem().ifPresent(parts::add);
        return new Pending(String.join("; ", parts), pending.needs(), pending.reviewAt());
    }

    /** A failure with what a request can tell about it; empty if none of these Applications has the title. */
    Optional<CompletableFuture<Verdict.Failed>> details(String title, Verdict.Failed failed) {
        if (connection.isEmpty()) {
            return Optional.empty();
        }
        Connection open = connection.get();
        return followed.keySet().stream()
                .filter(name -> title(name).equals(title))
                .findFirst()
                .map(name -> CompletableFuture.supplyAsync(() -> detailed(open, name, failed), open.pool()));
    }

    /** Blocks; what cannot be found out is left out. */
    private static Verdict.Failed detailed(Connection open, ApplicationName name, Verdict.Failed failed) {
        List<ResourceState> resources;
        try {
            resources = open.argoCd().unhealthyResources(name);
        } catch (ArgoCdException cannot) {
            resources = List.of();
        }
        return new Verdict.Failed(
                failed.explanation(),
                failed.report().with(resources, open.argoCd().page(name)));
    }

    private String title(ApplicationName name) {
        return awaited.namespace() == null ? name.name() : name.toString();
    }
}
