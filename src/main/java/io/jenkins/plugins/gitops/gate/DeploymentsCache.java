package io.jenkins.plugins.gitops.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.LedgerReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the deployments page answers at once. It is read anew in the background whenever somebody looks at one that is
 * old; so however many people look, the repositories are asked at most once in that time, and nobody waits for them.
 */
@Extension
public class DeploymentsCache {

    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Read last = new Read(Instant.EPOCH, "{\"ready\":false,\"repositories\":[]}");

    private record Read(@NonNull Instant at, @NonNull String json) {}

    private record Page(boolean ready, @NonNull List<DeploymentsView> repositories) {}

    @NonNull
    static DeploymentsCache get() {
        return ExtensionList.lookupSingleton(DeploymentsCache.class);
    }

    /** The JSON as it was read last, at once. */
    @NonNull
    String json() {
        Instant now = Engines.get().clock().instant();
        if (now.isAfter(last.at().plus(FRESH)) && reading.compareAndSet(false, true)) {
            Engines.get().workers().execute(this::read);
        }
        return last.json();
    }

    private void read() {
        try {
            List<DeploymentsView> views = GitOpsConfiguration.get().getRepositories().stream()
                    .map(DeploymentsCache::read)
                    .toList();
            last = new Read(Engines.get().clock().instant(), JSON.writeValueAsString(new Page(true, views)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the deployments have no JSON form", e);
        } finally {
            reading.set(false);
        }
    }

    private static DeploymentsView read(ConfiguredRepository configured) {
        try {
            OpenedRepository opened = configured.openForPages();
            Declaration declaration = Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT));
            return DeploymentsView.of(
                    configured.getName(),
                    declaration,
                    new LedgerReader(opened.repository(), opened.branch()).read(declaration, Progress.SILENT));
        } catch (GitOpsException e) {
            return DeploymentsView.unreadable(configured.getName(), String.valueOf(e.getMessage()));
        }
    }
}
