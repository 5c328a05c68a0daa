package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells every {@link PromotionNotification} what happened. */
public final class Notifications {

    private static final Logger LOGGER = Logger.getLogger(Notifications.class.getName());

    private Notifications() {}

    /** Returns at once; the listeners hear it on a worker. One that throws does not keep it from the others. */
    public static void publish(@NonNull PromotionEvent event) {
        Engines.get().workers().execute(() -> {
            for (PromotionNotification listener : ExtensionList.lookup(PromotionNotification.class)) {
                try {
                    listener.heard(event);
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "A listener failed on " + event.event(), e);
                }
            }
        });
    }
}
