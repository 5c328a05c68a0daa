package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Queue;

public abstract class ScheduleResult {

    public static Existing existing(Queue.Item i) {
        return new Existing(i);
    }

    @CheckForNull
    public Queue.Item getItem() {
        return null;
    }

    public static final class Existing extends ScheduleResult {

        private final Queue.Item item;

        private Existing(Queue.Item item) {
            this.item = item;
        }

        @Override
        public Queue.Item getItem() {
            return item;
        }
    }
}
