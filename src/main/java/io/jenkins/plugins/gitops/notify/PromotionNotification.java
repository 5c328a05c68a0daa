package io.jenkins.plugins.gitops.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;

/** For other plugins: hears what happens to releases on this controller. */
public abstract class PromotionNotification implements ExtensionPoint {

    /** Called on a worker thread, once for each event; what it throws is logged. */
    public abstract void heard(@NonNull PromotionEvent event);
}
