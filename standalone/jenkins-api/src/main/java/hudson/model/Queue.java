package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.queue.ScheduleResult;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;
import jenkins.model.FullyNamedModelObject;

public class Queue implements Saveable {

    Queue() {}

    @NonNull
    public ScheduleResult schedule2(Task p, int quietPeriod, List<Action> actions) {
        return ScheduleResult.existing(StandIn.current().queue().schedule(p, actions, () -> new Waiting(p, actions)));
    }

    public boolean cancel(Item item) {
        return StandIn.current().queue().remove(item);
    }

    public Item[] getItems() {
        return StandIn.current().queue().waiting().toArray(Item[]::new);
    }

    @Override
    public void save() {}

    public interface Task extends FullyNamedModelObject {}

    public interface QueueAction extends Action {
        boolean shouldSchedule(List<Action> actions);
    }

    public abstract static class Item extends Actionable {

        @NonNull
        public final Task task;

        Item(Task task, List<Action> actions) {
            this.task = task;
            actions.forEach(this::addAction);
        }
    }

    private static final class Waiting extends Item {

        Waiting(Task task, List<Action> actions) {
            super(task, actions);
        }

        @Override
        public String getDisplayName() {
            return task.getFullDisplayName();
        }
    }
}
