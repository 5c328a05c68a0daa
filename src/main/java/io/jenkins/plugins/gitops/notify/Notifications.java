package io.jenkins.plugins.gitops.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells every {@link PromotionNotification} what happened. */
public final class Notifications {

    private static final Logger LOGGER = Logger.getLogger(Notifications.class.getName());

    /** After these a gate may have lost its sense: what it would promote was taken back, and the source runs another. */
    private static final Set<PromotionEvent.Kind> TAKEN_BACK =
            EnumSet.of(PromotionEvent.Kind.ROLLED_BACK, PromotionEvent.Kind.RECOVERED);

    private Notifications() {}

    /**
     * Returns at once; the listeners hear it on a worker. One that throws does not keep it from the others. Gates that
     * it may concern look again.
     */
    public static void publish(@NonNull PromotionEvent event) {
        publish(event, () -> {});
    }

    /**
     * The same.
     *
     * @param told runs when every listener has heard it; not when Jenkins stops before
     */
    public static void publish(@NonNull PromotionEvent event, @NonNull Runnable told) {
        if (TAKEN_BACK.contains(event.event())) {
            GitOpsServices.get().gates().lookAgain(event.application());
        }
        GitOpsServices.get().workers().execute(() -> {
            for (PromotionNotification listener : ExtensionList.lookup(PromotionNotification.class)) {
                try {
                    listener.heard(event);
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "A listener failed on " + event.event(), e);
                }
            }
            told.run();
        });
    }
}
