package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A build queue without executors: what waits leaves it when a test says so. It can be given to the next stand-in. */
public final class QueueStandIn {

    private final List<Queue.Item> items = new CopyOnWriteArrayList<>();

    /** The item that is added, or one that waits and that no action tells from it. */
    @NonNull
    public synchronized Queue.Item schedule(
            @NonNull Queue.Task task, @NonNull List<Action> actions, @NonNull Supplier<Queue.Item> item) {
        return items.stream()
                .filter(waiting -> waiting.task == task && !tells(waiting, actions))
                .findFirst()
                .orElseGet(() -> {
                    items.add(item.get());
                    return items.get(items.size() - 1);
                });
    }

    private static boolean tells(Actionable item, List<Action> other) {
        List<Action> there = List.copyOf(item.getAllActions());
        return item.getActions(Queue.QueueAction.class).stream().anyMatch(action -> action.shouldSchedule(other))
                || other.stream()
                        .anyMatch(action -> action instanceof Queue.QueueAction queue && queue.shouldSchedule(there));
    }

    /** As when somebody cancels it. */
    public boolean remove(@NonNull Queue.Item item) {
        return items.remove(item);
    }

    @NonNull
    public List<Queue.Item> waiting() {
        return List.copyOf(items);
    }

    /** The item leaves the queue, and its build begins: with the item's actions, and told to who listens. */
    public void begin(@NonNull Queue.Item item, @NonNull Run<?, ?> build) {
        leave(item, build);
        for (RunListener<?> listener : StandIn.current().extensions(RunListener.class)) {
            tell(listener, build);
        }
    }

    /** The same, and nobody hears of it. */
    public void leave(@NonNull Queue.Item item, @NonNull Run<?, ?> build) {
        items.remove(item);
        item.getAllActions().forEach(build::addAction);
    }

    @SuppressWarnings("unchecked")
    private static void tell(RunListener<?> listener, Run<?, ?> build) {
        ((RunListener<Run<?, ?>>) listener).onInitialize(build);
    }
}
