package io.jenkins.plugins.gitops.pages.deployments;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.pages.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What was ordered on pages lately, so that the page can say how it went. The order itself is safe without this: what it
 * committed stands in the deployment history, and one that a restart kept from its commit can be given again.
 */
@Extension
public class Orders {

    private static final Logger LOGGER = Logger.getLogger(Orders.class.getName());

    private static final int KEPT = 100;

    /** A pull request that a page asked for is looked at every minute or half a one: nobody sits and waits. */
    private static final int LOOKS = 5;

    /** As many as a person reads above what they came for. */
    private static final int SHOWN = 10;

    private final Map<String, Order> orders = new LinkedHashMap<>();

    static Orders get() {
        return ExtensionList.lookupSingleton(Orders.class);
    }

    /** Has it carried out on a worker, unless the same click was heard before; returns at once, as it stands then. */
    synchronized Order give(OrderWork work) {
        Order order = work.order();
        Order known = orders.get(order.id());
        if (known != null) {
            return known;
        }
        put(order);
        GitOpsServices.get().workers().execute(() -> carryOut(work));
        return order;
    }

    /** The same of an order that deploys nothing. */
    synchronized Order give(Order order, LockingApi.Place place, Function<OpenedRepository, String> work) {
        Order known = orders.get(order.id());
        if (known != null) {
            return known;
        }
        put(order);
        GitOpsServices.get().workers().execute(() -> {
            try {
                put(order.done(null, work.apply(place.open())));
                GitOpsServices.get().gates().lookAgain();
            } catch (GitOpsException e) {
                put(order.refused(String.valueOf(e.getMessage())));
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "An order of " + order.by() + " failed", e);
                put(order.refused(Messages.Orders_failed()));
            } finally {
                DeploymentsCache.get().refresh(place.source(), place.job());
            }
        });
        return order;
    }

    /** Nothing is done, and the page says why. */
    synchronized Order refuse(Order order, String sentence) {
        Order refused = order.refused(sentence);
        put(refused);
        return refused;
    }

    /** The latest that concern one of the applications, the latest first. */
    synchronized List<Order> of(Set<String> applications) {
        List<Order> latestFirst = new ArrayList<>(orders.values());
        Collections.reverse(latestFirst);
        return latestFirst.stream()
                .filter(order -> applications.contains(order.application()))
                .limit(SHOWN)
                .toList();
    }

    private void carryOut(OrderWork work) {
        Order order = work.order();
        try {
            work.commit()
                    .ifPresentOrElse(result -> done(work, result), () -> put(order.waiting(Messages.Orders_waiting())));
        } catch (PendingDelivery pending) {
            put(order.waiting(String.valueOf(pending.getMessage())));
            later(pending, () -> carryOut(work));
        } catch (GitOpsException e) {
            put(order.refused(String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, "An order of " + order.by() + " failed", e);
            put(order.refused(Messages.Orders_failed()));
        } finally {
            DeploymentsCache.get().refresh(work.source(), work.job());
        }
    }

    /** Looks at a pull request again. */
    static void later(PendingDelivery pending, Runnable work) {
        GitOpsServices services = GitOpsServices.get();
        Duration pause = pending.pause(LOOKS, services.clock().instant());
        services.deliveryPolls()
                .later(pending::isOf, pause, () -> services.workers().execute(work));
    }

    /** Its commit stands. */
    void done(OrderWork work, BumpResult result) {
        put(work.order().done(result.commit(), Messages.Orders_done(CommitInfo.abbreviate(result.commit()))));
        work.askForSync();
        DeploymentsCache.get().refresh(work.source(), work.job());
    }

    synchronized void put(Order order) {
        orders.put(order.id(), order);
        if (orders.size() > KEPT) {
            orders.remove(orders.keySet().iterator().next());
        }
    }
}
