package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.Requirement;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Plans a promotion, asks the requirements of its gate once, and returns both as plain maps. Writes nothing. */
class PlanExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    /** For each check of the gate; all are asked at the same time. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PlanStep step;

    PlanExecution(@NonNull StepContext context, @NonNull PlanStep step) {
        super(context);
        this.step = step;
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.choice().open(run());
        Progress progress = progress();
        Liveness liveness = services().liveness(run(), opened);
        ReleaseVerification verification = services().verification(run());
        Promotion.Plan plan = services()
                .promotion(opened, liveness, verification)
                .plan(step.request(UUID.randomUUID().toString(), opened, provenance()), progress);
        worksOn(step.choice(), step.application());
        GateSubject.Promotion subject = plan.subject();
        PromoteExecution.preview(subject, progress);
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("application", subject.application());
        map.put("environment", subject.environment());
        map.put("from", subject.sourceEnvironment());
        map.put("fromCommit", subject.sourceCommit());
        map.put("changed", !plan.isEmpty());
        map.put("images", StepResults.images(subject.release()));
        map.put("versions", StepResults.versions(subject.release()));
        map.put(
                "changes",
                new ArrayList<>(subject.changes().stream()
                        .filter(ImageChange::isChange)
                        .map(ImageChange::toString)
                        .toList()));
        map.put(
                "files",
                new ArrayList<>(subject.files().stream().map(FileChange::path).toList()));
        map.put("diff", diff(subject.files()));
        Optional<GateDefinition> gate = plan.gate();
        if (gate.isPresent() && !plan.isEmpty()) {
            GateQuestions questions =
                    services().gateRequirements(opened, liveness, verification).of(subject);
            map.put("gate", gate(services().gates().preview(subject, gate.get(), questions, PATIENCE), progress));
        } else {
            plan.hold().map(Hold::toString).ifPresent(hold -> {
                progress.say(plan.target() + " is " + hold + ".");
                map.put("hold", hold);
            });
            progress.say(gate.isPresent() ? "No gate would open." : plan.target() + " has no gate.");
        }
        succeed(map);
    }

    /** Each requirement as it stands now, printed as well. */
    private static LinkedHashMap<String, Object> gate(GateView view, Progress progress) {
        progress.say("Its gate would open. Requirements as they stand now:");
        ArrayList<LinkedHashMap<String, Object>> requirements = new ArrayList<>();
        for (Requirement requirement : view.requirements()) {
            String state = requirement.state().name().toLowerCase(Locale.ROOT);
            progress.say("  " + requirement.id() + " (" + state + "): " + requirement.reason()
                    + (requirement.until() == null ? "" : ", until " + Durations.time(requirement.until())));
            LinkedHashMap<String, Object> map = new LinkedHashMap<>();
            map.put("id", requirement.id());
            map.put("state", state);
            map.put("reason", requirement.reason());
            if (requirement.until() != null) {
                map.put("until", requirement.until().toString());
            }
            requirements.add(map);
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("explanation", view.explanation());
        map.put("requirements", requirements);
        return map;
    }

    /** As {@code diff} marks lines. */
    private static String diff(List<FileChange> files) {
        return files.stream()
                .map(file -> file.path() + "\n"
                        + file.lines().stream()
                                .map(line -> line.sign() + line.text() + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.PlanExecution_status(step.application(), step.getEnvironment());
    }
}
