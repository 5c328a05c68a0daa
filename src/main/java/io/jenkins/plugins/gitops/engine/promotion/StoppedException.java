package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import java.util.List;

/**
 * A freeze, a lock or another controller keeps a target as it is: the user waits, or has it unlocked. Nothing was
 * committed.
 */
public final class StoppedException extends GitOpsException {

    private static final long serialVersionUID = 2L;

    private final transient List<GateEvent.Review> lapsed;

    public StoppedException(String sentence) {
        this(sentence, List.of());
    }

    /** @param lapsed reviews that its gate counted and that approve no longer what would be merged */
    StoppedException(String sentence, List<GateEvent.Review> lapsed) {
        super(sentence);
        this.lapsed = List.copyOf(lapsed);
    }

    /** Reviews that its gate has to count no longer. */
    public List<GateEvent.Review> lapsed() {
        return lapsed;
    }
}
