package io.jenkins.plugins.gitops.gate.input;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.gate.OfferedGate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;

/**
 * The inputs of a run that waits at gates: those of its own {@code input} steps, and the gates. It stands in the place of
 * the run's own {@link InputAction} only as long as there are gates, and only in memory: what is saved is the run's own
 * one, which knows nothing of gates. So no restart can find a gate's input whose step is gone; the step offers it anew.
 */
final class RunInputs extends InputAction {

    /**
     * Held while a run's inputs are exchanged, for moments and around nothing that locks. Not the run: a gate saves its
     * run under the gate's own lock.
     */
    private static final Object CHANGE = new Object();

    private final transient InputAction own;
    private final transient List<GateInput> gates = new CopyOnWriteArrayList<>();
    private transient volatile boolean used;

    /** @param present the run's own inputs, or null when it had none yet */
    private RunInputs(Run<?, ?> run, @CheckForNull InputAction present) {
        own = present == null ? new InputAction() : present;
        used = present != null;
        onAttached(run);
        own.onAttached(run);
    }

    /** Puts the gate among the inputs of its run. */
    static void show(@NonNull OfferedGate gate) {
        GateInput input = new GateInput(gate);
        Run<?, ?> run = gate.run();
        synchronized (CHANGE) {
            InputAction present = run.getAction(InputAction.class);
            RunInputs inputs = present instanceof RunInputs shown ? shown : new RunInputs(run, present);
            inputs.gates.removeIf(other -> other.isFor(gate));
            inputs.gates.add(input);
            if (inputs != present) {
                replace(run, present, inputs);
            }
        }
    }

    /** Takes the gate from the inputs of its run; with the last one the run has its own inputs again. */
    static void withdraw(@NonNull OfferedGate gate) {
        Run<?, ?> run = gate.run();
        synchronized (CHANGE) {
            if (run.getAction(InputAction.class) instanceof RunInputs inputs) {
                inputs.gates.removeIf(input -> input.isFor(gate));
                if (inputs.gates.isEmpty()) {
                    replace(run, inputs, inputs.used ? inputs.own : null);
                }
            }
        }
    }

    /** In this order, so that whoever looks meanwhile finds the old one or the new one. */
    private static void replace(Run<?, ?> run, @CheckForNull InputAction before, @CheckForNull InputAction after) {
        if (after != null) {
            run.addAction(after);
        }
        run.removeAction(before);
    }

    /** An {@code input} step begins, which may have found this just before the last gate was withdrawn. */
    @Override
    public void add(@NonNull InputStepExecution step) throws IOException, InterruptedException, TimeoutException {
        current().add(step);
    }

    private InputAction current() {
        Run<?, ?> run = getRun();
        synchronized (CHANGE) {
            InputAction current = run.getAction(InputAction.class);
            if (current == null) {
                run.addAction(own);
            } else if (current != this) {
                return current;
            }
            used = true;
            return own;
        }
    }

    /** An input is settled: an {@code input} step's is over, a gate's is offered until the gate has ended. */
    @Override
    public void remove(InputStepExecution step) throws IOException, InterruptedException, TimeoutException {
        if (!(step.getInput() instanceof GateInput)) {
            own.remove(step);
        }
    }

    @Override
    public InputStepExecution getExecution(String id) throws InterruptedException, TimeoutException {
        Optional<InputStepExecution> gate =
                gates().stream().filter(input -> input.getId().equals(id)).findFirst();
        return gate.isPresent() ? gate.get() : own.getExecution(id);
    }

    @Override
    public List<InputStepExecution> getExecutions() throws InterruptedException, TimeoutException {
        List<InputStepExecution> all = new ArrayList<>(own.getExecutions());
        all.addAll(gates());
        return all;
    }

    private List<InputStepExecution> gates() {
        return gates.stream().flatMap(input -> input.execution().stream()).toList();
    }

    /** Gates have a page of their own in the run's menu. */
    @Override
    public String getIconFileName() {
        return own.getIconFileName();
    }

    @Override
    public String getDisplayName() {
        return own.getDisplayName() == null ? Messages.RunInputs_displayName() : own.getDisplayName();
    }

    /** What is written to disk. */
    Object writeReplace() {
        return own;
    }
}
