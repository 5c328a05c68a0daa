package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.Differences;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.pages.Messages;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the pages compare, read in the background when somebody asks: two environments in Git, and what a promotion would
 * do. Commits nothing, opens no gate, and sends no HTTP check of a gate: otherwise everybody who may see the page could make
 * the controller send requests to other servers. However many people ask, each pair is read at most once in a while.
 */
@Extension
public class Comparisons {

    private static final Logger LOGGER = Logger.getLogger(Comparisons.class.getName());

    /** How long an answer is given again. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** When a read is given up. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** For each check of the gate; all are asked at the same time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST = 100;

    /** Of the pool that the steps share, no more; the others are read when somebody asks again. */
    private static final int READERS = 2;

    private final Map<Asked, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private int readers;

    /**
     * @param job full name of one that deploys the application and that whoever asks may see; null for none
     * @param from empty for the first environment that releases come from
     */
    record Asked(DeploymentSource source, @CheckForNull String job, String application, String from, String to) {}

    /** @param view null while it is read for the first time */
    private record Known(@CheckForNull ComparisonView view, Instant at, boolean isReading) {}

    static Comparisons get() {
        return ExtensionList.lookupSingleton(Comparisons.class);
    }

    /** At once; not ready while it is being read. */
    synchronized ComparisonView look(Asked asked, List<String> environments) {
        Instant now = GitOpsServices.get().clock().instant();
        Known last = known.get(asked);
        ComparisonView view = last == null ? null : last.view();
        if (view != null && !now.isAfter(last.at().plus(FRESH))) {
            return view.among(environments);
        }
        if ((last == null || !last.isReading()) && readers < READERS) {
            readers++;
            known.put(asked, new Known(null, now, true));
            GitOpsServices.get().workers().execute(() -> read(asked));
        }
        return ComparisonView.reading(asked.from(), asked.to(), environments);
    }

    private void read(Asked asked) {
        ComparisonView view = ComparisonView.failed(asked.from(), asked.to(), Messages.DeploymentsCache_failed());
        try {
            view = DeploymentsCache.inTime(() -> compare(asked), TIMEOUT)
                    .orElseGet(() -> ComparisonView.failed(
                            asked.from(), asked.to(), Messages.DeploymentsCache_silent(TIMEOUT.toSeconds())));
        } finally {
            keep(asked, view);
        }
    }

    private synchronized void keep(Asked asked, ComparisonView view) {
        readers--;
        known.put(asked, new Known(view, GitOpsServices.get().clock().instant(), false));
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
    }

    private static ComparisonView compare(Asked asked) {
        try {
            Optional<Job<?, ?>> job = Optional.ofNullable(asked.job()).flatMap(OrderWork::job);
            OpenedRepository opened = asked.source().open(job.orElse(null));
            Declaration declaration =
                    Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch());
            Target to = declaration.target(asked.application(), asked.to());
            Target from = declaration.target(asked.application(), source(asked, to));
            ComparisonView git = ComparisonView.of(
                    from.environment().name(),
                    asked.to(),
                    Differences.between(
                            from,
                            to,
                            opened.repository(),
                            opened.branch(),
                            GitOpsServices.get().manifests(),
                            opened.author(),
                            Progress.SILENT));
            return job.isPresent() && to.environment().after().contains(git.from())
                    ? plan(git, asked, opened, job.get())
                    : git;
        } catch (GitOpsException e) {
            return ComparisonView.failed(asked.from(), asked.to(), String.valueOf(e.getMessage()));
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return ComparisonView.failed(asked.from(), asked.to(), Messages.DeploymentsCache_late());
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, asked + " could not be compared", e);
            return ComparisonView.failed(asked.from(), asked.to(), Messages.DeploymentsCache_failed());
        }
    }

    private static String source(Asked asked, Target to) {
        Application application = to.application();
        return !asked.from().isEmpty()
                ? asked.from()
                : to.environment().after().stream()
                        .findFirst()
                        .or(() -> application.environments().values().stream()
                                .map(Environment::name)
                                .filter(name -> !name.equals(asked.to()))
                                .findFirst())
                        .orElse(asked.to());
    }

    /** What somebody would meet who promotes now. */
    private static ComparisonView plan(ComparisonView git, Asked asked, OpenedRepository opened, Job<?, ?> job)
            throws InterruptedException {
        GitOpsServices services = GitOpsServices.get();
        Liveness liveness = services.liveness(job, opened);
        ReleaseVerification verification = services.verification(job);
        try {
            Promotion.Plan plan = services.promotion(opened, liveness, verification)
                    .plan(
                            new Promotion.Request(
                                    UUID.randomUUID().toString(),
                                    opened.url(),
                                    opened.branch(),
                                    asked.application(),
                                    asked.to(),
                                    git.from(),
                                    new Provenance(null, null, null, List.of()).by(job.getFullName()),
                                    opened.author()),
                            Progress.SILENT);
            GateQuestions questions =
                    services.gateRequirements(opened, liveness, verification).of(plan.subject());
            GateView gate = services.gates()
                    .preview(
                            plan.subject(),
                            plan.gate().orElse(GateDefinition.NONE).withoutChecks(),
                            questions,
                            PATIENCE);
            return git.with(ComparisonView.PromotionView.of(plan, gate), Optional.of(plan.subject()));
        } catch (GitOpsException refused) {
            return git.with(
                    ComparisonView.PromotionView.refused(String.valueOf(refused.getMessage())), Optional.empty());
        }
    }
}
