package io.jenkins.plugins.gitops.steps.rollout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.RolloutQuestions;
import io.jenkins.plugins.gitops.engine.promotion.StoppedException;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.PausedRollouts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Finds the Rollout, waits at the environment's gate if a new version is to be brought further and there is one, and acts. A
 * pause is ended only as it was found: after a restart, or a decision that took its time, the Rollout may be at another.
 */
class RolloutExecution extends GatedStepExecution {

    private static final long serialVersionUID = 1L;

    private final RolloutStep step;
    private final RolloutDeed deed;

    /** How the Rollout was found, and its version; null before it was. */
    @CheckForNull
    private volatile String before;

    @CheckForNull
    private volatile String version;

    /** Whether the action may have been requested: a controller that stops meanwhile does not know. */
    private volatile boolean requested;

    RolloutExecution(StepContext context, RolloutStep step, RolloutDeed deed, OnRejected onRejected) {
        super(context, onRejected);
        this.step = step;
        this.deed = deed;
    }

    /** A Rollout, and by which Application it was found. */
    private record Found(ArgoApplication application, ResourceState rollout) {

        String title() {
            return "Rollout " + rollout.name() + " of " + application.name();
        }

        String state() {
            return rollout.health() == HealthState.HEALTHY ? "is healthy" : rollout.message();
        }
    }

    @Override
    protected void proceed() throws Exception {
        Optional<Gate> kept = kept();
        if (kept.isPresent()) {
            resumeAt(kept.get(), questions(target().orElseThrow()));
            return;
        }
        Optional<Target> target = target();
        Found found = find(target);
        if (before == null) {
            requirePossible(found);
            before = found.rollout().standing();
            version = found.rollout().version().orElse(null);
            remember();
        }
        Optional<GateDefinition> gate = target.filter(
                        one -> deed.isPromotion() && !one.environment().takesBumps())
                .flatMap(one -> one.environment().gate());
        progress().say("The " + found.title() + " " + found.state() + ".");
        if (gate.isPresent()) {
            String question = "Rollout " + found.rollout().name() + " of " + target.get() + " " + found.state() + ": "
                    + deed + " it?";
            waitAt(
                    new GateSubject.Question(gateId(), question, provenance()),
                    gate.get().forRollout(),
                    questions(target.get()));
            return;
        }
        if (deed.isPromotion() && target.isPresent() && !requested) {
            questions(target.get()).requireOpen(declaration(), progress());
        }
        act(found, Optional.empty());
    }

    private RolloutQuestions questions(Target target) throws Exception {
        return services()
                .rolloutQuestions(
                        step.open(run(), environment()),
                        target.application().name(),
                        List.of(target.environment().name()));
    }

    /** Where nothing was requested before Jenkins stopped, a freeze or a lock may have begun meanwhile. */
    @Override
    protected void grantedBefore(LiveGate granted) throws Exception {
        if (requested) {
            pass(granted);
        } else {
            granted.reopen("Jenkins restarted before the Rollout was promoted; its requirements are checked again");
        }
    }

    @Override
    public void granted(LiveGate granted) throws Exception {
        Optional<Target> target = target();
        Optional<StoppedException> locked =
                requested ? Optional.empty() : questions(target.orElseThrow()).locked(progress());
        if (locked.isPresent()) {
            waitAgain(granted, locked.get().getMessage());
            return;
        }
        granted.answered();
        act(find(target), Optional.of(granted.gate()));
    }

    @Override
    protected Serializable refused(Gate ended) throws Exception {
        return result(find(target()), Optional.of(ended));
    }

    private void requirePossible(Found found) {
        ResourceState rollout = found.rollout();
        boolean isPossible =
                switch (deed) {
                    case PROMOTE -> rollout.message().startsWith("is paused");
                    case RETRY -> rollout.health() == HealthState.DEGRADED;
                    case PROMOTE_FULL, ABORT -> rollout.health() != HealthState.HEALTHY;
                };
        if (!isPossible) {
            throw new RefusedException("Cannot " + deed + " the " + found.title() + ", which " + found.state() + ": "
                    + switch (deed) {
                        case PROMOTE -> "only a Rollout that is paused can be promoted.";
                        case RETRY -> "only a Rollout that was aborted can be retried.";
                        case PROMOTE_FULL, ABORT -> "no new version is being rolled out.";
                    });
        }
    }

    private void act(Found found, Optional<Gate> gate) throws Exception {
        boolean isAsFound = found.rollout().standing().equals(before);
        if (requested && !isAsFound) {
            progress()
                    .say("Jenkins restarted after it requested " + deed + " of the " + found.title() + ", which now "
                            + found.state() + ".");
            succeed(result(found, gate));
            return;
        }
        boolean isSame = deed == RolloutDeed.PROMOTE
                ? isAsFound
                : Objects.equals(version, found.rollout().version().orElse(null));
        if (deed.isPromotion() && !isSame) {
            throw new RefusedException("The " + found.title() + " was not promoted: it has changed meanwhile, and now "
                    + found.state() + "; run the step again if that is to be promoted.");
        }
        requested = true;
        remember();
        ArgoApplication application = found.application();
        PausedRollouts.answer(services()
                .syncWaits()
                .act(
                        connection(application),
                        Optional.ofNullable(application.namespace()),
                        application.name(),
                        found.rollout(),
                        deed.action()));
        progress().say("Requested " + deed + " of the " + found.title() + ".");
        succeed(result(found, gate));
    }

    private LinkedHashMap<String, Object> result(Found found, Optional<Gate> gate) throws Exception {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("rollout", found.rollout().name());
        map.put("argoApplication", found.application().name());
        map.put("action", deed.toString());
        map.put("before", found.state());
        if (gate.isPresent()) {
            map.put("gate", StepResults.gate(gate.get(), gateUrl()));
        }
        return map;
    }

    /** What {@code gitops.yaml} declares; empty where an Argo CD Application is named instead. */
    private Optional<Target> target() throws Exception {
        String environment = step.getEnvironment();
        if (environment == null) {
            return Optional.empty();
        }
        Target target = declaration().target(step.application(), environment);
        Declarations.requireJob(target.application(), provenance());
        if (target.environment().applications().isEmpty()) {
            throw new RefusedException(
                    target + " has no Argo CD Application in gitops.yaml: add argocd: { application: …"
                            + " } to the environment.");
        }
        worksOn(step.choice(), step.application());
        return Optional.of(target);
    }

    private Declaration declaration() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        return Declarations.read(opened.repository().tip(opened.branch(), progress()), opened.branch());
    }

    private Found find(Optional<Target> target) throws Exception {
        List<ArgoApplication> applications =
                target.map(one -> List.copyOf(one.environment().applications())).orElse(null);
        if (applications == null) {
            ArgoApplication named = new ArgoApplication(
                    Objects.requireNonNull(step.getArgoApplication()), step.getConnection(), step.getNamespace());
            if (deed != RolloutDeed.ABORT) {
                requireNoGate(named);
            }
            applications = List.of(named);
        }
        List<Found> found = new ArrayList<>();
        for (ArgoApplication application : applications) {
            PausedRollouts.answer(services()
                            .syncWaits()
                            .rollouts(
                                    connection(application),
                                    Optional.ofNullable(application.namespace()),
                                    application.name()))
                    .forEach(rollout -> found.add(new Found(application, rollout)));
        }
        return only(found, applications);
    }

    private Found only(List<Found> found, List<ArgoApplication> applications) {
        String of = applications.stream().map(ArgoApplication::name).collect(Collectors.joining(", "));
        List<Found> meant = found.stream()
                .filter(one -> step.getRollout() == null || one.rollout().name().equals(step.getRollout()))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        String there = found.stream().map(one -> one.rollout().name()).sorted().collect(Collectors.joining(", "));
        throw new RefusedException(
                found.isEmpty()
                        ? "The Application " + of + " has no Rollout that the connection may read."
                        : meant.isEmpty()
                                ? "The Application " + of + " has no Rollout '" + step.getRollout() + "'; it has "
                                        + there + "."
                                : "The Application " + of + " has several Rollouts; choose one with 'rollout': " + there
                                        + ".");
    }

    /** Naming the Application is no way past the gate of the environment that it belongs to. */
    private void requireNoGate(ArgoApplication named) throws Exception {
        for (ConfiguredRepository configured : GitOpsSettings.repositories(run().getParent())) {
            OpenedRepository opened = new RepositoryChoice(configured.getName(), null, null).openForFiles(run());
            Declarations.find(opened.repository().tip(opened.branch(), progress()), opened.branch()).stream()
                    .flatMap(Declaration::targets)
                    .filter(target -> !target.environment().takesBumps())
                    .filter(target -> target.environment().applications().stream()
                            .anyMatch(one -> one.name().equals(named.name())))
                    .findFirst()
                    .ifPresent(target -> {
                        throw new RefusedException("The Argo CD Application " + named.name() + " is that of " + target
                                + ", which has a gate: use 'application' and 'environment' instead of"
                                + " 'argoApplication'.");
                    });
        }
    }

    private String connection(ArgoApplication application) throws Exception {
        String named = application.connection() == null ? step.getConnection() : application.connection();
        return GitOpsSettings.argoCdConnection(run(), named);
    }

    @Override
    public String getStatus() {
        return isAtGate() ? super.getStatus() : Messages.RolloutExecution_status(deed.toString());
    }
}
