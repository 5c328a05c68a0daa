package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.steps.bump.BumpSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;

/** What a promotion returns to the Pipeline: the bump's map, and where it came from and through which gate. */
public final class PromoteSummary {

    private PromoteSummary() {}

    @NonNull
    static LinkedHashMap<String, Object> map(
            @NonNull BumpResult result,
            @NonNull GateSubject.Promotion subject,
            @NonNull Optional<Gate> gate,
            @NonNull String gateUrl,
            @NonNull Duration took) {
        LinkedHashMap<String, Object> map = BumpSummary.map(result, took);
        map.put("from", subject.sourceEnvironment());
        map.put("fromCommit", subject.sourceCommit());
        gate.ifPresent(passed -> map.put("gate", gate(passed, gateUrl)));
        return map;
    }

    /** What is worth keeping of a gate that let the run pass. */
    @NonNull
    public static LinkedHashMap<String, Object> gate(@NonNull Gate gate, @NonNull String url) {
        GateEvent.Granted granted = gate.granted().orElseThrow();
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("id", gate.subject().gate());
        map.put("status", gate.status().name().toLowerCase(Locale.ROOT));
        map.put("approvedBy", new ArrayList<>(granted.approvals()));
        map.put(
                "overriddenBy",
                new ArrayList<>(gate.overrides().stream()
                        .map(override -> override.by().id() + ": " + override.reason())
                        .toList()));
        map.put("url", url);
        map.put(
                "durationMillis",
                Duration.between(gate.openedAt(), granted.at()).toMillis());
        return map;
    }
}
