package io.jenkins.plugins.gitops.playground.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** The gates of all runs, and the way to decide about them. */
public interface GateDesk {

    /**
     * A gate as the page shows it.
     *
     * @param status OPEN, APPROVED, OVERRIDDEN, REJECTED, EXPIRED, SUPERSEDED or CLOSED
     * @param changes one line for each image: from → to
     * @param history one line for each thing that happened
     */
    record GateView(
            @NonNull String id,
            @NonNull String run,
            @NonNull String target,
            @NonNull String status,
            @NonNull List<String> changes,
            @NonNull List<RequirementView> requirements,
            @NonNull List<ItemView> checklist,
            @NonNull List<String> history) {}

    /** Something the gate asks for, and how it stands. */
    record RequirementView(
            @NonNull String id,
            @NonNull String state,
            @NonNull String reason) {}

    /** An item of the checklist. */
    record ItemView(@NonNull String item, boolean ticked) {}

    /** What somebody wants. */
    enum Verb {
        APPROVE,
        WITHDRAW,
        REJECT,
        TICK,
        UNTICK,
        OVERRIDE
    }

    /**
     * A click.
     *
     * @param click unique id of the click, so that it counts once
     * @param text comment, reason or checklist item; empty where there is none
     */
    record Decision(
            @NonNull String gate,
            @NonNull String user,
            @NonNull Verb verb,
            @NonNull String click,
            @NonNull String text) {}

    /** Newest first. */
    @NonNull
    List<GateView> gates();

    /**
     * Decides as that user, with that user's permissions.
     *
     * @return what came of it, one sentence
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is refused
     */
    @NonNull
    String decide(@NonNull Decision decision);
}
