package org.jenkinsci.plugins.workflow.support.actions;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.actions.PersistentAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

public class PauseAction extends InvisibleAction implements PersistentAction {

    private final String cause;
    private long startTime = System.currentTimeMillis();
    private long endTime;

    public PauseAction(String cause) {
        this.cause = cause;
    }

    public String getCause() {
        return cause;
    }

    public boolean isPaused() {
        return endTime == 0;
    }

    public long getStartTime() {
        return startTime;
    }

    public void setStartTime(long startTime) {
        this.startTime = startTime;
    }

    public long getPauseDuration() {
        return (isPaused() ? System.currentTimeMillis() : endTime) - startTime;
    }

    public static long getPauseDuration(@NonNull FlowNode node) {
        return node.getActions(PauseAction.class).stream()
                .mapToLong(PauseAction::getPauseDuration)
                .sum();
    }

    public static boolean isPaused(@NonNull FlowNode node) {
        PauseAction last = node.getAction(PauseAction.class);
        return last != null && last.isPaused();
    }

    public static void endCurrentPause(@NonNull FlowNode node) throws IOException {
        PauseAction last = node.getAction(PauseAction.class);
        if (last != null) {
            last.endTime = System.currentTimeMillis();
        }
    }
}
