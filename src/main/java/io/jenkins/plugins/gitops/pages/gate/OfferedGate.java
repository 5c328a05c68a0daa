package io.jenkins.plugins.gitops.pages.gate;

import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
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
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * A gate as an {@code input} of its run, where Blue Ocean, Pipeline Graph View and the stage view look for stages that
 * wait for people. The user who sends the request decides, under the same permissions and rules as on
 * the gate's own page: an input cannot let anybody through.
 *
 * @param run that waits at the gate
 * @param node of the step that waits
 * @param address of the gate's own page
 */
public record OfferedGate(Run<?, ?> run, FlowNode node, LiveGate gate, String address) {

    /**
     * The run waits at the gate: since now, or still after a restart of the controller. A gate that is decided meanwhile,
     * on a thread that had nothing to withdraw yet, is withdrawn here.
     */
    public void show() {
        if (isOpen()) {
            withInputs(() -> {
                RunInputs.show(this);
                StepPause.tellBlueOcean(node);
            });
        }
        if (!isOpen()) {
            withdraw();
        }
    }

    /** Nobody can decide any more; may be said more than once, and of a gate that was never shown. */
    public void withdraw() {
        withInputs(() -> RunInputs.withdraw(this));
    }

    /**
     * Acts only where pipeline-input-step is installed: {@link RunInputs} and its kind, which name the plugin's classes,
     * are loaded with the first call. What fails there costs the input alone.
     */
    static void withInputs(Runnable act) {
        if (Jenkins.get().getPlugin("pipeline-input-step") == null) {
            return;
        }
        try {
            act.run();
        } catch (RuntimeException e) {
            Logger.getLogger(OfferedGate.class.getName())
                    .log(Level.WARNING, "A step that waits could not be shown as an input", e);
        }
    }

    String id() {
        return gate.id();
    }

    GateSubject subject() {
        return gate.gate().subject();
    }

    /** One sentence: what it waits for now. */
    String explanation() {
        return gate.view().explanation();
    }

    /** Users and groups that the gate names; empty where it names none. */
    List<String> approvers() {
        return gate.gate().readings().stream()
                .flatMap(reading -> reading.approvals().stream())
                .map(Approvals::from)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    boolean isOpen() {
        return gate.gate().status() == GateStatus.OPEN;
    }

    /** Whether whoever asks may decide at gates here at all; the gate's own rules come on top. */
    boolean mayDecide() {
        return run.hasPermission(GitOpsPermissions.VIEW) && run.hasPermission(GitOpsPermissions.APPROVE);
    }

    /**
     * Approves as whoever asks.
     *
     * @throws hudson.model.Failure with one sentence; nothing changed
     */
    void approve(String comment) {
        decide((state, click) -> GateDecisions.approve(state, click, comment));
    }

    /**
     * Rejects as whoever asks.
     *
     * @throws hudson.model.Failure with one sentence; nothing changed
     */
    void reject(String reason) {
        decide((state, click) -> GateDecisions.reject(state, click, reason));
    }

    /**
     * Turns away whoever may not decide here at all, before they have decided anything.
     *
     * @throws hudson.model.Failure with one sentence
     */
    public void requireDecider() {
        ask((click, person) -> GateDecisions.reject(
                gate.gate(),
                new GateDecisions.Decision(
                        click, person, GitOpsServices.get().clock().instant()),
                "what whoever may decide may do in any case"));
    }

    private void decide(BiFunction<Gate, GateDecisions.Decision, GateEvent> rule) {
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
