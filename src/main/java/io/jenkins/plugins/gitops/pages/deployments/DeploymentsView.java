package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.Stops;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * What the deployments pages show of one config repository; the records' JSON form is the pages' contract
 * (docs/jenkins.md).
 */
record DeploymentsView(String repository, List<ApplicationView> applications) {

    /** Of the history of a target, as much as one reads. */
    private static final int HISTORY = 50;

    /**
     * @param history newest first, by environment; it is asked for by itself
     */
    record ApplicationView(
            String name, List<EnvironmentView> environments, Map<String, List<DeploymentView>> history) {}

    /**
     * @param after environments a release comes from, each with what it is ahead by
     * @param gated whether a promotion into it opens a gate
     * @param live what Argo CD says, or null where nobody watches it or Argo CD cannot be asked
     * @param liveProblem why Argo CD cannot be asked, or null
     * @param holds what rollbacks hold back, for people to read
     * @param locks what people have locked, the one that ends last first
     * @param frozen which declared freeze holds now, for people to read, or null
     * @param frozenUntil when it ends, or null where no end is in sight
     * @param reviews hotfixes that somebody must still confirm, newest first
     * @param deployments how many the history knows
     * @param current what this plugin deployed there last, or null when it never did
     * @param images what the environment's files name in Git, committed by this plugin or not; empty when they name none
     * @param imagesProblem why the files cannot be read, or null
     * @param outside whether {@code images} are not those of {@code current}: somebody else wrote them
     * @param rollback what the button to roll back brings back, or null when no earlier healthy deployment is known
     * @param infrastructure plans of Terraform there, or null where none is declared or known
     */
    record EnvironmentView(
            String name,
            List<SourceView> after,
            boolean gated,
            @CheckForNull LiveView live,
            @CheckForNull String liveProblem,
            List<String> holds,
            List<LockView> locks,
            @CheckForNull String frozen,
            @CheckForNull String frozenUntil,
            @CheckForNull String calendarProblem,
            List<DeploymentView> reviews,
            int deployments,
            @CheckForNull DeploymentView current,
            Map<String, String> images,
            @CheckForNull String imagesProblem,
            boolean outside,
            @CheckForNull RollbackView rollback,
            @CheckForNull InfrastructureView infrastructure) {}

    /**
     * An environment that a release comes from.
     *
     * @param ahead deployments there that have not come here, newest first; null where nobody can tell: what is here was
     *     never there, or so long ago that it is not in the history that is shown
     */
    record SourceView(String environment, @CheckForNull List<ChangeView> ahead) {}

    /**
     * @param who approved it, else started the run, else wrote the commit
     * @param run address of the run, or null
     */
    record ChangeView(
            String commit,
            String committedAt,
            Map<String, String> images,
            List<String> who,
            @CheckForNull String run) {

        static ChangeView of(DeploymentView deployment) {
            return new ChangeView(
                    deployment.commit(),
                    deployment.committedAt(),
                    deployment.images(),
                    deployment.who(),
                    deployment.run());
        }
    }

    /**
     * @param id to unlock it
     * @param place application and environment, or patterns
     * @param until ISO 8601, or null for until it is unlocked
     * @param rollbacks whether they are stopped too
     */
    record LockView(
            String id,
            String place,
            String by,
            String at,
            @CheckForNull String until,
            String reason,
            boolean rollbacks) {}

    /**
     * All Argo CD Applications of an environment as one: the worst of each.
     *
     * @param sync in Argo CD's words, as is {@code health}
     * @param message of an Application that is not healthy, or empty
     * @param since when it became so, or null
     * @param revision commit it was compared with last, or null where they differ
     * @param url in Argo CD's UI, of one whose health this is; null where the address is not known
     */
    record LiveView(
            String sync,
            String health,
            String message,
            @CheckForNull String since,
            @CheckForNull String revision,
            @CheckForNull String url) {}

    /**
     * @param who approved it, else started the run, else wrote the commit
     * @param approved whether {@code who} are approvers
     * @param run address of the run, or null; only http and https
     * @param hotfix why it was a hotfix, or null
     * @param reviewDue until when somebody else must confirm it, or null where nobody must, or somebody has
     * @param reviewed who has confirmed it, and the comment, or null
     * @param checks a line for each check of its verification, for people to read
     * @param alerts a line for each alert that began to fire after its verification had ended
     * @param signature {@code verified}, {@code unverified}, or {@code unsigned} where there is none or nobody asks
     * @param pullRequest that brought it, or null
     */
    record DeploymentView(
            String commit,
            String committedAt,
            String kind,
            String outcome,
            Map<String, String> images,
            List<String> who,
            boolean approved,
            List<String> overridden,
            @CheckForNull String reason,
            @CheckForNull String run,
            boolean rolledBack,
            @CheckForNull String hotfix,
            @CheckForNull String reviewDue,
            @CheckForNull String reviewed,
            List<String> checks,
            List<String> alerts,
            String signature,
            @CheckForNull PullRequestView pullRequest) {}

    /**
     * @param url http or https
     * @param mergedBy login there, or null
     * @param reviewedBy logins of those who approved it there
     */
    record PullRequestView(String url, @CheckForNull String mergedBy, List<String> reviewedBy) {

        static PullRequestView of(Trailers trailers) {
            return trailers.value(Trailers.PULL_REQUEST)
                    .filter(address -> address.matches("https?://\\S+"))
                    .map(address -> new PullRequestView(
                            address,
                            trailers.value(Trailers.MERGED_BY).orElse(null),
                            trailers.values(Trailers.REVIEWED_BY)))
                    .orElse(null);
        }
    }

    /** @param git the images that the files of an environment name, committed by this plugin or not; blocks */
    static DeploymentsView of(
            String repository,
            Declaration declaration,
            Ledger ledger,
            LiveStates live,
            Locks locks,
            Stops stops,
            Instant now,
            BiFunction<Application, Environment, Map<String, Version>> git) {
        return new DeploymentsView(
                repository,
                declaration.applications().values().stream()
                        .map(application -> view(declaration, application, ledger, live, locks, stops, now, git))
                        .toList());
    }

    private static ApplicationView view(
            Declaration declaration,
            Application application,
            Ledger ledger,
            LiveStates live,
            Locks locks,
            Stops stops,
            Instant now,
            BiFunction<Application, Environment, Map<String, Version>> git) {
        Map<String, Found> found = new LinkedHashMap<>();
        application
                .environments()
                .values()
                .forEach(environment -> found.put(environment.name(), Found.of(application, environment, ledger, git)));
        Map<String, List<DeploymentView>> history = new LinkedHashMap<>();
        found.forEach((environment, one) -> history.put(environment, one.shown()));
        List<EnvironmentView> environments = application.environments().values().stream()
                .map(environment -> {
                    Found here = found.get(environment.name());
                    List<Deployment> all = here.all();
                    CheckResult freeze = stops.freeze(declaration, application.name(), environment.name(), now);
                    return new EnvironmentView(
                            environment.name(),
                            environment.after().stream()
                                    .map(from -> new SourceView(from, here.behind(found.get(from))))
                                    .toList(),
                            environment.gate().isPresent(),
                            live.of(environment).orElse(null),
                            live.problem(environment).orElse(null),
                            ledger.holds(application.name(), environment.name())
                                    .map(Hold::toString)
                                    .toList(),
                            locks.on(application.name(), environment.name(), now).stream()
                                    .map(DeploymentsView::view)
                                    .toList(),
                            freeze.state() == CheckResult.State.PASSED ? null : freeze.reason(),
                            Objects.toString(freeze.until(), null),
                            stops.calendarProblem(declaration, application.name(), environment.name(), now)
                                    .orElse(null),
                            all.stream()
                                    .filter(deployment -> deployment.reviewDue().isPresent())
                                    .limit(HISTORY)
                                    .map(DeploymentsView::view)
                                    .toList(),
                            all.size(),
                            here.shown().isEmpty() ? null : here.shown().get(0),
                            texts(here.images()),
                            here.problem(),
                            here.problem() == null && isOutside(here.images(), all),
                            ledger.previousHealthy(application.name(), environment.name())
                                    .map(good -> RollbackView.of(good, ledger))
                                    .orElse(null),
                            InfrastructureView.of(ledger, application.name(), environment));
                })
                .toList();
        return new ApplicationView(application.name(), environments, history);
    }

    /**
     * What an environment has.
     *
     * @param images in Git
     * @param problem why they cannot be read, or null
     * @param all deployments, newest first
     * @param shown of these, as much as one reads
     */
    private record Found(
            Map<String, Version> images,
            @CheckForNull String problem,
            List<Deployment> all,
            List<DeploymentView> shown) {

        static Found of(
                Application application,
                Environment environment,
                Ledger ledger,
                BiFunction<Application, Environment, Map<String, Version>> git) {
            List<Deployment> all = ledger.of(application.name(), environment.name());
            List<DeploymentView> shown =
                    all.stream().limit(HISTORY).map(DeploymentsView::view).toList();
            try {
                return new Found(git.apply(application, environment), null, all, shown);
            } catch (GitOpsException unreadable) {
                return new Found(Map.of(), unreadable.getMessage(), all, shown);
            }
        }

        /** Deployments of a source that have not come here, newest first; null where nobody can tell. */
        @CheckForNull
        List<ChangeView> behind(Found source) {
            if (problem == null && source.problem == null && isWhatRunsHere(source.images)) {
                return List.of();
            }
            List<ChangeView> ahead = new ArrayList<>();
            for (int at = 0; at < source.shown.size(); at++) {
                if (isWhatRunsHere(source.all.get(at).images())) {
                    return ahead.isEmpty() ? null : ahead;
                }
                ahead.add(ChangeView.of(source.shown.get(at)));
            }
            return null;
        }

        /** By the images that both have. */
        private boolean isWhatRunsHere(Map<String, Version> others) {
            List<String> both =
                    images.keySet().stream().filter(others::containsKey).toList();
            return !both.isEmpty() && both.stream().allMatch(name -> isSame(others.get(name), images.get(name)));
        }
    }

    private static LockView view(Lock lock) {
        return new LockView(
                lock.id(),
                lock.place(),
                lock.by(),
                lock.at().toString(),
                lock.end().map(Instant::toString).orElse(null),
                lock.reason(),
                lock.stops() == Lock.Scope.PROMOTIONS_AND_ROLLBACKS);
    }

    /** What the ledger knows of an image may be older than the plugin: only what it knows can differ. */
    private static boolean isOutside(Map<String, Version> images, List<Deployment> deployments) {
        if (deployments.isEmpty()) {
            return !images.isEmpty();
        }
        Map<String, Version> told = deployments.get(0).images();
        return images.entrySet().stream()
                .anyMatch(image ->
                        told.containsKey(image.getKey()) && !isSame(told.get(image.getKey()), image.getValue()));
    }

    /** A file may hold a tag alone where the release had a digest too. */
    private static boolean isSame(Version one, Version other) {
        if (!(one instanceof ImageReference told) || !(other instanceof ImageReference found)) {
            return one.equals(other);
        }
        return told.digestValue().isPresent() && found.digestValue().isPresent()
                ? told.digestValue().equals(found.digestValue())
                : told.tagName().equals(found.tagName());
    }

    static Map<String, String> texts(Map<String, Version> images) {
        Map<String, String> texts = new LinkedHashMap<>();
        images.forEach((name, reference) -> texts.put(name, reference.toString()));
        return texts;
    }

    private static DeploymentView view(Deployment deployment) {
        Trailers trailers = deployment.trailers();
        return new DeploymentView(
                deployment.commit(),
                deployment.committedAt().toString(),
                deployment.kind().name(),
                deployment.outcome().name(),
                texts(deployment.images()),
                deployment.who(),
                !trailers.values(Trailers.APPROVED_BY).isEmpty(),
                trailers.values(Trailers.OVERRIDE),
                trailers.value(Trailers.REASON).orElse(null),
                trailers.value(Trailers.RUN)
                        .filter(address -> address.matches("https?://\\S+"))
                        .orElse(null),
                deployment.rolledBackBy() != null,
                deployment.hotfix().orElse(null),
                deployment.reviewDue().map(Instant::toString).orElse(null),
                deployment.reviewed().orElse(null),
                deployment.checks(),
                deployment.alerts(),
                signature(deployment),
                PullRequestView.of(trailers));
    }

    private static String signature(Deployment deployment) {
        return switch (deployment.signature()) {
            case VERIFIED -> "verified";
            case UNVERIFIED -> "unverified";
            case UNCHECKED, UNSIGNED -> "unsigned";
        };
    }
}
