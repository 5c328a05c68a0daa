package io.jenkins.plugins.gitops.engine.verification;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps everything that it is told. */
final class KeptVerifications implements Verifications.Owner {

    private final List<Verification> changes = new CopyOnWriteArrayList<>();
    private final List<Verification> recorded = new CopyOnWriteArrayList<>();

    @Override
    public void changed(Verification now) {
        changes.add(now);
    }

    @Override
    public Verification ended(Verification last) {
        recorded.add(last);
        return last;
    }

    /** As a restart would find it. */
    Verification last() {
        return changes.get(changes.size() - 1);
    }

    /** The ends. */
    List<Verification> recorded() {
        return List.copyOf(recorded);
    }
}
