package io.jenkins.plugins.gitops.engine.argocd.client;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Passes a watch's events on. The client is told not to reconnect by itself (reconnect limit 0), so that one place, the
 * feed, decides how to go on.
 */
final class KubernetesWatcher implements Watcher<GenericKubernetesResource> {

    private final StreamListener listener;
    private final BiFunction<String, KubernetesClientException, ArgoCdException> explain;
    private final AtomicBoolean ended = new AtomicBoolean();

    KubernetesWatcher(StreamListener listener, BiFunction<String, KubernetesClientException, ArgoCdException> explain) {
        this.listener = listener;
        this.explain = explain;
    }

    @Override
    public void eventReceived(Action action, GenericKubernetesResource resource) {
        switch (action) {
            case ADDED, MODIFIED -> listener.changed(KubernetesArgoCd.read(resource));
            case DELETED ->
                listener.deleted(
                        new ApplicationName(
                                resource.getMetadata().getNamespace(),
                                resource.getMetadata().getName()),
                        resource.getMetadata().getResourceVersion());
            case BOOKMARK -> listener.bookmark(resource.getMetadata().getResourceVersion());
            case ERROR -> end(Optional.empty());
        }
    }

    /** We closed it ourselves. */
    @Override
    public void onClose() {
        end(Optional.empty());
    }

    /** The server or the network ended it. Only an answer with a status tells why. */
    @Override
    public void onClose(WatcherException cause) {
        boolean answered =
                cause.asClientException() != null && cause.asClientException().getCode() != 0;
        end(answered ? Optional.of(explain.apply("watch Applications", cause.asClientException())) : Optional.empty());
    }

    private void end(Optional<ArgoCdException> cause) {
        if (ended.compareAndSet(false, true)) {
            listener.ended(cause);
        }
    }
}
