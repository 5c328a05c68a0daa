package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.pages.Messages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The inputs of a run in which steps wait: those of its own {@code input} steps, and its gates. It stands in the place of
 * the run's own {@link InputAction} only as long as steps wait, and only in memory: what is saved is the run's own one,
 * which knows nothing of gates. So no restart can find a gate's input whose step is gone; the step offers it again.
 */
final class RunInputs extends InputAction {

    /**
     * Held while a run's inputs are exchanged, for moments and around nothing that locks. Not the run, which Jenkins holds
     * for as long as it saves it.
     */
    private static final Object CHANGE = new Object();

    private final transient InputAction own;
    private final transient List<GateInput> gates = new CopyOnWriteArrayList<>();
    private final transient Set<String> paused = new HashSet<>();
    private transient volatile boolean used;

    /** @param present the run's own inputs, or null when it had none yet */
    private RunInputs(Run<?, ?> run, @CheckForNull InputAction present) {
        own = present == null ? new InputAction() : present;
        used = present != null;
        onAttached(run);
        own.onAttached(run);
    }

    /** Puts the gate among the inputs of its run. */
    static void show(OfferedGate gate) {
        GateInput input = new GateInput(gate);
        change(gate.run(), inputs -> {
            inputs.gates.removeIf(other -> other.isFor(gate));
            inputs.gates.add(input);
        });
    }

    /** Takes the gate from the inputs of its run. */
    static void withdraw(OfferedGate gate) {
        change(gate.run(), inputs -> inputs.gates.removeIf(input -> input.isFor(gate)));
    }

    /** Has the run know of inputs as long as the step waits. */
    static void pause(Run<?, ?> run, FlowNode step) {
        change(run, inputs -> inputs.paused.add(step.getId()));
    }

    static void resume(Run<?, ?> run, FlowNode step) {
        change(run, inputs -> inputs.paused.remove(step.getId()));
    }

    /** With the last step that waits the run has its own inputs again. */
    private static void change(Run<?, ?> run, Consumer<RunInputs> change) {
        synchronized (CHANGE) {
            InputAction present = run.getAction(InputAction.class);
            RunInputs inputs = present instanceof RunInputs shown ? shown : new RunInputs(run, present);
            change.accept(inputs);
            boolean needed = !inputs.gates.isEmpty() || !inputs.paused.isEmpty();
            if (needed && inputs != present) {
                replace(run, present, inputs);
            } else if (!needed && inputs == present) {
                replace(run, inputs, inputs.used ? inputs.own : null);
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

    /** An {@code input} step begins, which may have found this just before the last step went on. */
    @Override
    public void add(InputStepExecution step) throws IOException, InterruptedException, TimeoutException {
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

    /**
     * An input by its address. Who posts there settles it: at a gate, whoever may not decide is told so by the gate,
     * whose answer Pipeline Graph View can show, rather than by the input, whose answer it cannot.
     */
    @Override
    public InputStepExecution getDynamic(String token) throws InterruptedException, TimeoutException {
        InputStepExecution execution = getExecution(token);
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        if (execution != null
                && execution.getInput() instanceof GateInput gate
                && request != null
                && request.getMethod().equals("POST")) {
            gate.requireDecider();
        }
        return execution;
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
