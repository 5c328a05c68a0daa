package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A release waits in a pull request. Nothing has failed: the same request again looks at the pull request again, and goes
 * on with it.
 */
public final class PendingDelivery extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    /** Between looks at what its server is about to merge. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Nullable
    private final Instant until;

    private final transient Consumer<String> abandon;
    private boolean isSoon;

    /** Address of the config repository. */
    private final String repository;

    /**
     * @param sentence that it waits, and for what
     * @param repository its address
     * @param until when to look again at the earliest; null for no wish
     * @param abandon closes the pull request, with a reason
     */
    public PendingDelivery(String sentence, String repository, @Nullable Instant until, Consumer<String> abandon) {
        super(sentence);
        this.repository = repository;
        this.until = until;
        this.abandon = abandon;
    }

    /** The same, to be looked at every few seconds. */
    PendingDelivery soon() {
        isSoon = true;
        return this;
    }

    /**
     * How long to wait before looking again: half a second at first, a minute in the end, or as long as the server wants.
     *
     * @param looks that found the same so far
     */
    public Duration pause(int looks, Instant now) {
        Duration usual = isSoon ? SOON : PAUSES.bound(looks);
        return Optional.ofNullable(until)
                .map(wanted -> Duration.between(now, wanted))
                .filter(wanted -> wanted.compareTo(usual) > 0)
                .orElse(usual);
    }

    /**
     * Whether it is of a repository of this name.
     *
     * @param name without its owner, or with it
     */
    public boolean isOf(String name) {
        return last(repository).equalsIgnoreCase(last(name));
    }

    private static String last(String path) {
        String plain = path.replaceAll("/+$", "").replaceFirst("\\.git$", "");
        return plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf(':')) + 1);
    }

    /**
     * Closes the pull request, because nobody waits for it any more. Blocking.
     *
     * @param reason a sentence for its readers
     */
    public void abandon(String reason) {
        abandon.accept(reason);
    }

    /**
     * Closes the pull request of a promotion, rollback or bump that nobody waits for any more; does nothing where there is
     * none. Blocking.
     *
     * @param id of the request
     * @param reason a sentence for its readers
     */
    public static void abandon(
            ConfigRepository repository,
            String defaultBranch,
            String application,
            List<String> environments,
            String id,
            String reason,
            Progress progress) {
        Application declared = Declarations.read(repository.tip(defaultBranch, progress), defaultBranch)
                .application(application);
        Declarations.delivery(declared, environments)
                .ifPresent(how -> ReleaseBranches.abandon(
                        how,
                        repository,
                        ReleaseBranches.place(application, environments),
                        declared.environment(environments.get(0)).branch().orElse(defaultBranch),
                        id,
                        reason));
    }

    /**
     * Has the server of such a pull request not merge it by itself while its gate checks again. Blocking; may be repeated.
     *
     * @param id of the request
     * @throws PendingDelivery while the server does not answer
     */
    public static void takeBack(
            ConfigRepository repository,
            String defaultBranch,
            String application,
            String environment,
            String id,
            Progress progress) {
        Environment declared = Declarations.read(repository.tip(defaultBranch, progress), defaultBranch)
                .application(application)
                .environment(environment);
        declared.delivery()
                .ifPresent(how -> ReleaseBranches.takeBack(
                        how,
                        repository,
                        ReleaseBranches.place(application, List.of(environment)),
                        declared.branch().orElse(defaultBranch),
                        id));
    }
}
