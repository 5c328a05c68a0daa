package io.jenkins.plugins.gitops.steps.support;

import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What steps return: plain maps, lists, strings and numbers, which a Pipeline may keep over a restart. */
public final class StepResults {

    private StepResults() {}

    /** A commit that a bump, promotion or rollback made. */
    public static LinkedHashMap<String, Object> bump(BumpResult result, Duration took) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("commit", result.commit());
        map.put("branch", result.branch());
        map.put("changed", !result.isUnchanged());
        map.put("images", images(result.images()));
        map.put("versions", versions(result.images()));
        if (result.application() != null) {
            map.put("application", result.application());
        }
        if (result.environments().size() == 1) {
            map.put("environment", result.environments().get(0));
        }
        map.put("environments", new ArrayList<>(result.environments()));
        map.put("files", new ArrayList<>(result.paths()));
        map.put("durationMillis", took.toMillis());
        return map;
    }

    public static LinkedHashMap<String, String> images(Map<String, Version> images) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        Version.images(images).forEach((name, reference) -> texts.put(name, reference.toString()));
        return texts;
    }

    /** What a release has besides images. */
    public static LinkedHashMap<String, String> versions(Map<String, Version> release) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        release.forEach((name, version) -> {
            if (version instanceof NamedVersion && !name.equals(Carries.NAME)) {
                texts.put(name, version.toString());
            }
        });
        return texts;
    }

    /**
     * A gate that has ended.
     *
     * @param url its page
     */
    public static LinkedHashMap<String, Object> gate(Gate gate, String url) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("id", gate.subject().gate());
        map.put("status", gate.status().name().toLowerCase(Locale.ROOT));
        map.put(
                "approvedBy",
                new ArrayList<>(gate.granted().map(GateEvent.Granted::approvals).orElseGet(java.util.List::of)));
        map.put(
                "overriddenBy",
                new ArrayList<>(gate.overrides().stream()
                        .map(override -> override.by().id() + ": " + override.reason())
                        .toList()));
        map.put("url", url);
        gate.granted()
                .ifPresent(granted -> map.put(
                        "durationMillis",
                        Duration.between(gate.openedAt(), granted.at()).toMillis()));
        return map;
    }
}
