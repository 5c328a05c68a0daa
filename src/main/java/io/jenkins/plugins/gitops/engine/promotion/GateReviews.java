package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.forge.Forge;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions.Decision;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Reviews of a promotion's pull request as approvals of its gate. Each look opens the pull request unless it is open, and
 * has the gate know who approves its newest commit now: by the gate's own rules, so neither a starter nor an author counts
 * where duties are separated.
 *
 * @param repository address of the config repository
 * @param unknown told already that nobody knows them: of each reviewer the log speaks once
 */
public record GateReviews(Promotion promotion, Reviewers reviewers, String repository, Set<String> unknown) {

    /** @param repositoryUrl of the config repository */
    public GateReviews(Promotion promotion, Reviewers reviewers, String repositoryUrl) {
        this(promotion, reviewers, repositoryUrl, new TreeSet<>());
    }

    /**
     * Looks once.
     *
     * @throws PendingDelivery while the gate is open and reviews count: look again
     */
    public void look(LiveGate live, Provenance provenance, Identity author, Progress progress) {
        Gate gate = live.gate();
        if (gate.status() != GateStatus.OPEN
                || !gate.isReviewed()
                || !(gate.subject() instanceof GateSubject.Promotion subject)) {
            return;
        }
        try {
            Optional<PullRequest> open = promotion.propose(subject, gate, provenance, author, progress);
            if (open.isEmpty()) {
                return;
            }
            count(live, open.get(), progress);
            throw pending("Waiting for reviews of pull request " + open.get().url() + ".", subject);
        } catch (PendingDelivery pending) {
            throw pending;
        } catch (PullRequestClosedException closed) {
            closed(live, closed);
        } catch (GitOpsException later) {
            throw pending(String.valueOf(later.getMessage()), subject);
        }
    }

    /** Of the pull requests' server. */
    private String host() {
        return Forge.host(repository);
    }

    private PendingDelivery pending(String sentence, GateSubject.Promotion subject) {
        return new PendingDelivery(sentence, repository, null, reason -> promotion.abandon(subject, reason));
    }

    private void closed(LiveGate live, PullRequestClosedException closed) {
        Optional<String> by = closed.rejectedBy();
        if (by.isEmpty()) {
            live.close(String.valueOf(closed.getMessage()));
            return;
        }
        Person person = reviewers
                .person(host(), new Review(by.get(), false))
                .orElseGet(() -> new Person(by.get(), by.get(), null, Set.of(), Set.of()));
        decide(live, person, (seen, decision) -> GateDecisions.closePullRequest(seen, decision, closed.url()));
    }

    private void count(LiveGate live, PullRequest open, Progress progress) {
        List<Review> approving = open.reviews().stream()
                .filter(review -> review.approves(open.headCommit()))
                .toList();
        for (GateEvent.Approved counted : live.gate().approvals()) {
            GateEvent.Review review = counted.review();
            if (review != null
                    && approving.stream().noneMatch(one -> one.account().equals(review.account()))) {
                decide(
                        live,
                        new Person(counted.by().id(), counted.by().name(), null, Set.of(), Set.of()),
                        (seen, decision) -> GateDecisions.withdraw(
                                seen, decision, counted, "the review does not approve the newest commit"));
            }
        }
        for (Review review : approving) {
            Optional<Person> person = reviewers.person(host(), review);
            if (person.isEmpty()) {
                tell(review, "does not count: no user of Jenkins is known for that login", progress);
                continue;
            }
            GateEvent.Review counting =
                    new GateEvent.Review(review.login(), review.account(), open.url(), open.headCommit());
            if (live.gate().approvals().stream()
                    .noneMatch(approved -> person.get().isUser(approved.by().id()))) {
                decide(live, person.get(), (seen, decision) -> GateDecisions.approve(seen, decision, counting))
                        .ifPresent(refused -> tell(review, "does not count: " + refused, progress));
            }
        }
    }

    private void tell(Review review, String why, Progress progress) {
        if (unknown.add(review.account() + why)) {
            progress.say("The review of " + review.login() + " at " + host() + " " + why + ".");
        }
    }

    /** @return why the gate refused it */
    private static Optional<String> decide(LiveGate live, Person by, Rule rule) {
        try {
            live.decide("review:" + UUID.randomUUID(), by, rule::decide);
            return Optional.empty();
        } catch (GateRefusedException refused) {
            return Optional.of(String.valueOf(refused.getMessage()).replaceFirst("\\.$", ""));
        }
    }

    /** One of the gate's decisions. */
    @FunctionalInterface
    private interface Rule {
        GateEvent decide(Gate gate, Decision decision);
    }
}
