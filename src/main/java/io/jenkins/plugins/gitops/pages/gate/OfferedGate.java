package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateRules;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * A gate as every {@link GateOffer} gets it. Who decides is whoever sends the request at that moment, under the same
 * permissions and rules as on the gate's own page: an offer cannot let anybody through.
 */
public final class OfferedGate {

    private final String id;
    private final Run<?, ?> run;
    private final FlowNode node;
    private final LiveGate gate;
    private final String address;

    /**
     * @param run that waits at the gate
     * @param node of the step that waits
     * @param address of the gate's own page
     */
    public OfferedGate(
            @NonNull Run<?, ?> run, @NonNull FlowNode node, @NonNull LiveGate gate, @NonNull String address) {
        id = gate.id();
        this.run = run;
        this.node = node;
        this.gate = gate;
        this.address = address;
    }

    /** Has every offer show the gate. */
    public void show() {
        GateOffer.each(offer -> offer.show(this));
    }

    /** Has every offer take the gate away. */
    public void withdraw() {
        GateOffer.each(offer -> offer.withdraw(this));
    }

    @NonNull
    public String id() {
        return id;
    }

    @NonNull
    public Run<?, ?> run() {
        return run;
    }

    @NonNull
    public FlowNode node() {
        return node;
    }

    @NonNull
    public String address() {
        return address;
    }

    @NonNull
    public GateSubject subject() {
        return gate.gate().subject();
    }

    /** Users and groups that the gate names; empty where it names none. */
    @NonNull
    public List<String> approvers() {
        return gate.gate().definition().approvals().stream()
                .map(Approvals::from)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    public boolean isOpen() {
        return gate.gate().status() == GateStatus.OPEN;
    }

    /** Whether whoever asks may decide at gates here at all; the gate's own rules come on top. */
    public boolean mayDecide() {
        return run.hasPermission(GitOpsPermissions.VIEW) && run.hasPermission(GitOpsPermissions.APPROVE);
    }

    /**
     * Approves as whoever asks.
     *
     * @throws hudson.model.Failure with one sentence; nothing changed
     */
    public void approve(@NonNull String comment) {
        decide((state, click) -> GateRules.approve(state, click, comment));
    }

    /**
     * Rejects as whoever asks.
     *
     * @throws hudson.model.Failure with one sentence; nothing changed
     */
    public void reject(@NonNull String reason) {
        decide((state, click) -> GateRules.reject(state, click, reason));
    }

    /**
     * Turns away whoever may not decide here at all, before they have decided anything.
     *
     * @throws hudson.model.Failure with one sentence
     */
    public void requireDecider() {
        ask((click, person) -> GateRules.reject(
                gate.gate(),
                new GateRules.Decision(
                        click, person, GitOpsServices.get().clock().instant()),
                "what whoever may decide may do in any case"));
    }

    private void decide(LiveGate.Rule rule) {
        ask((click, person) -> gate.decide(click, person, rule));
    }

    private void ask(BiConsumer<String, Person> question) {
        run.checkPermission(GitOpsPermissions.VIEW);
        if (Jenkins.getAuthentication2().equals(ACL.SYSTEM2)) {
            throw new RefusedDecision(Messages.OfferedGate_noPerson());
        }
        try {
            question.accept(UUID.randomUUID().toString(), CurrentPerson.at(run));
        } catch (GateRefusedException refused) {
            throw new RefusedDecision(refused.getMessage());
        }
    }
}
