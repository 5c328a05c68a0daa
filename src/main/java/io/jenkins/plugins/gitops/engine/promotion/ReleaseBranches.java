package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.Forge;
import io.jenkins.plugins.gitops.engine.forge.ForgeException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequests;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Finds the pull requests of releases by their branches, and ends or holds those that nobody looks at. */
final class ReleaseBranches {

    static final String PREFIX = "gitops/";

    /** One for all, so that what servers said of limits is remembered. */
    private static final Cache<HttpClients, Forge> FORGES =
            Caffeine.newBuilder().maximumSize(10).build();

    private ReleaseBranches() {}

    /** The branch of a bump. Its name depends on nothing else, so that another run or controller finds it. */
    static String head(String place, String id) {
        return PREFIX + place + "/" + id;
    }

    /** {@code application/environment}, or of several environments that one commit changes {@code application/one+other}. */
    static String place(@Nullable String application, List<String> environments) {
        return application + "/" + String.join("+", environments);
    }

    static PullRequests requests(DeliveryDefinition how, ConfigRepository repository) {
        ConfigRepository.Server server = repository
                .server()
                .orElseThrow(() -> new RefusedException("The config repository has no server of pull requests."));
        return FORGES.get(server.http(), http -> new Forge(server.http(), InstantSource.system()))
                .of(
                        server.remote(),
                        Optional.ofNullable(how.provider())
                                .map(Forge.Provider::of)
                                .orElse(null));
    }

    /**
     * Closes the pull request of a bump that nobody waits for any more, if there is an open one. Blocking.
     *
     * @param place {@code application/environment}
     * @param base the branch that it is to be merged into
     * @param id of the bump
     * @param reason a sentence for its readers
     */
    static void abandon(
            DeliveryDefinition how, ConfigRepository repository, String place, String base, String id, String reason) {
        PullRequests requests = requests(how, repository);
        requests.find(head(place, id), base).filter(PullRequest::isOpen).ifPresent(open -> {
            Proposal.close(requests, open, reason);
            repository
                    .server()
                    .ifPresent(server -> OpenDelivery.ended(server.remote().url(), open.url()));
        });
    }

    /**
     * Cancels what the server is to merge by itself, where it may have that. Where it refuses to, the pull request is
     * closed: nothing is merged that may not pass any more.
     *
     * @return whether the pull request is still open
     */
    static boolean letGo(DeliveryDefinition how, PullRequests requests, PullRequest open) {
        if (!how.autoMerge() && !open.handover().isAccepted()) {
            return true;
        }
        try {
            requests.takeBack(open);
            return true;
        } catch (ForgeException e) {
            if (e.mayPass()) {
                throw e;
            }
            Proposal.close(
                    requests,
                    open,
                    "It may not be merged now, and its server does not take the merge back: " + e.clause() + ".");
            return false;
        }
    }

    /**
     * Has the server of a bump's pull request not merge it by itself, if it may have it: its gate checks again. Blocking.
     *
     * @param place {@code application/environment}
     * @param base the branch that it is to be merged into
     * @param id of the bump
     * @throws PendingDelivery while the server does not answer
     */
    static void takeBack(DeliveryDefinition how, ConfigRepository repository, String place, String base, String id) {
        PullRequests requests = requests(how, repository);
        try {
            requests.find(head(place, id), base)
                    .filter(PullRequest::isOpen)
                    .ifPresent(open -> letGo(how, requests, open));
        } catch (ForgeException e) {
            if (!e.mayPass()) {
                throw e;
            }
            String address = repository.server().orElseThrow().remote().url();
            throw new PendingDelivery(
                    String.valueOf(e.getMessage()),
                    address,
                    e.until().orElse(null),
                    reason -> abandon(how, repository, place, base, id, reason));
        }
    }
}
