package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Hears what happens to releases. Called on a worker thread, once for each event; what it throws is logged. */
@FunctionalInterface
public interface PromotionListener {

    void heard(@NonNull PromotionEvent event);
}
