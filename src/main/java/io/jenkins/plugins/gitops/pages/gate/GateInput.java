package io.jenkins.plugins.gitops.pages.gate;

import hudson.ExtensionList;
import hudson.model.ParameterDefinition;
import hudson.model.StringParameterDefinition;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.pages.Messages;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStep;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;

/**
 * What an {@code input} asks for a gate. An execution of it is settled by one click; the gate may want more, or refuse
 * this one, and is then offered by a fresh execution under the same id.
 */
final class GateInput extends InputStep {

    private static final long serialVersionUID = 1L;
    private static final String COMMENT = "comment";

    private final transient OfferedGate gate;
    private transient InputStepExecution current;

    GateInput(OfferedGate gate) {
        super(question(gate));
        this.gate = gate;
        setId("Gate-" + gate.id());
        setOk(Messages.GateInput_approve());
        setCancel(Messages.GateInput_reject());
    }

    /**
     * A comment; with it stands what the gate waits for by now. With a parameter, Pipeline Graph View asks in a dialog,
     * which also tells the person when it is refused.
     */
    @Override
    public List<ParameterDefinition> getParameters() {
        return List.of(new StringParameterDefinition(COMMENT, "", details(gate)));
    }

    /** Without capitals, versions and address: the title of Pipeline Graph View's dialog leaves out all but small letters. */
    private static String question(OfferedGate gate) {
        if (gate.subject() instanceof GateSubject.Promotion promotion) {
            return promotion.sourceEnvironment().isEmpty()
                    ? Messages.GateInput_first(promotion.application(), promotion.environment())
                    : Messages.GateInput_promotion(
                            promotion.application(), promotion.sourceEnvironment(), promotion.environment());
        }
        return ((GateSubject.Question) gate.subject()).question();
    }

    private static String details(OfferedGate gate) {
        return gate.subject() instanceof GateSubject.Promotion promotion
                ? Messages.GateInput_details(
                        promotion.changes().stream()
                                .filter(ImageChange::isChange)
                                .map(ImageChange::versions)
                                .collect(Collectors.joining(", "))
                                .replace("→", "->"),
                        gate.explanation(),
                        gate.address())
                : Messages.GateInput_comment(gate.explanation(), gate.address());
    }

    boolean isFor(OfferedGate other) {
        return gate.id().equals(other.id());
    }

    /** @throws hudson.model.Failure when whoever asks may not decide at the gate at all */
    void requireDecider() {
        gate.requireDecider();
    }

    /** The input to settle now; empty once nobody can decide any more. */
    Optional<InputStepExecution> execution() {
        if (!gate.isOpen()) {
            return Optional.empty();
        }
        synchronized (this) {
            if (current == null || current.isSettled()) {
                current = fresh();
            }
            return Optional.of(current);
        }
    }

    private InputStepExecution fresh() {
        try {
            return (InputStepExecution) start(new GateInputContext(gate));
        } catch (Exception e) {
            throw new IllegalStateException("an input without a step could not be made", e);
        }
    }

    /**
     * Whom the input itself lets through to the gate, which has the last word: whoever asks, if they may decide at gates
     * here. Anybody else is told whom to ask.
     */
    @Override
    public String getSubmitter() {
        String named =
                gate.approvers().isEmpty() ? Messages.GateInput_anyApprover() : String.join(",", gate.approvers());
        return gate.mayDecide() ? Jenkins.getAuthentication2().getName() + "," + named : named;
    }

    /** That of every {@code input}: this is not a step of its own. */
    @Override
    public DescriptorImpl getDescriptor() {
        return ExtensionList.lookupSingleton(DescriptorImpl.class);
    }
}
