package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.ApprovedBy;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Bumps;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Destroy;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Hotfix;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.HttpCheck;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Reads the {@code gate} and the {@code rollback} of an environment from a document that satisfies the schema, and reports
 * what the schema cannot say: times that are no times, addresses that are no addresses. After a report the value is of no
 * use.
 */
final class GateDefinitionReader {

    private final BiConsumer<JsonPointer, String> report;

    /** @param report takes the place and the problem */
    GateDefinitionReader(BiConsumer<JsonPointer, String> report) {
        this.report = report;
    }

    /** @param approvedBy what the delivery of the environment says of it */
    GateDefinition read(JsonNode gate, JsonPointer at, ApprovedBy approvedBy) {
        List<HttpCheck> checks = checks(gate.path("checks"), at.appendProperty("checks"));
        return new GateDefinition(
                approvals(gate),
                DeclarationReader.many(gate.path("checklist"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .toList(),
                gate.path("separationOfDuties").asBoolean()
                        ? SeparationOfDuties.STARTER_AND_AUTHORS
                        : SeparationOfDuties.NONE,
                text(gate, "soak", at, GateSyntax::duration, Duration.ZERO),
                gate.has("freeze")
                        ? freeze(gate.get("freeze"), at.appendProperty("freeze"))
                        : FreezeCalendar.ALWAYS_OPEN,
                text(gate, "expires", at, GateSyntax::duration, null),
                text(gate, "remind", at, GateSyntax::duration, null),
                gate.path("newerRelease").asText().equals("queues") ? NewerRelease.QUEUES : NewerRelease.SUPERSEDES,
                checks,
                gate.path("bump").asText().equals("allowed") ? Bumps.ALLOWED : Bumps.REFUSED,
                gate.has("hotfix") ? hotfix(gate.get("hotfix"), at.appendProperty("hotfix"), checks) : null,
                evidence(gate.path("checklist"), at.appendProperty("checklist")),
                gate.has("destroy") ? destroy(gate.get("destroy")) : null,
                findings(gate.path("findings")),
                approvedBy);
    }

    private static Map<String, Integer> findings(JsonNode limits) {
        Map<String, Integer> findings = new LinkedHashMap<>();
        limits.properties()
                .forEach(limit -> findings.put(limit.getKey(), limit.getValue().asInt()));
        return findings;
    }

    private static Destroy destroy(JsonNode destroy) {
        return new Destroy(
                DeclarationReader.strings(destroy.path("of")),
                new Approvals(destroy.get("approvals").asInt(), DeclarationReader.strings(destroy.path("from"))));
    }

    private Map<String, String> evidence(JsonNode checklist, JsonPointer at) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (int index = 0; index < checklist.size(); index++) {
            JsonNode item = checklist.get(index);
            String text = item.path("item").asText();
            if (item.isObject() && evidence.putIfAbsent(text, item.path("check").asText()) != null) {
                report.accept(at.appendIndex(index), "'" + Shortened.name(text) + "' is twice on the checklist");
            }
        }
        return evidence;
    }

    private static List<Approvals> approvals(JsonNode of) {
        return DeclarationReader.many(of.path("approvals"))
                .map(approvals -> new Approvals(
                        approvals.get("required").asInt(), DeclarationReader.strings(approvals.path("from"))))
                .toList();
    }

    private Hotfix hotfix(JsonNode hotfix, JsonPointer at, List<HttpCheck> checks) {
        Set<String> known = new TreeSet<>(GateDefinition.BUILT_IN);
        checks.forEach(check -> known.add(check.name()));
        known.removeAll(GateDefinition.NEVER_SKIPPED);
        List<String> skips = DeclarationReader.strings(hotfix.path("skips"));
        skips.stream()
                .filter(skipped -> !known.contains(skipped))
                .forEach(skipped -> report.accept(
                        at.appendProperty("skips"),
                        "a hotfix cannot skip '" + Shortened.name(skipped) + "'; choose from "
                                + Shortened.list(known)));
        return new Hotfix(approvals(hotfix), Set.copyOf(skips), text(hotfix, "review", at, GateSyntax::duration, null));
    }

    RollbackPolicy rollback(JsonNode rollback, JsonPointer at) {
        return new RollbackPolicy(
                text(rollback, "objective", at, GateSyntax::objective, RollbackPolicy.MAJOR),
                rollback.path("hold").asText().equals("none")
                        ? RollbackPolicy.HoldMode.NONE
                        : RollbackPolicy.HoldMode.UNTIL_LIFTED,
                rollback.path("gate").asText().equals("required")
                        ? RollbackPolicy.AtGate.REQUIRED
                        : RollbackPolicy.AtGate.UNASKED,
                rollback.path("automatic").asBoolean()
                        ? RollbackPolicy.Automatic.FAILED_VERIFICATION
                        : RollbackPolicy.Automatic.NOTHING);
    }

    /** @param freeze with {@code timeZone}, {@code allow}, {@code deny} and {@code calendar}, as far as they are there */
    FreezeCalendar freeze(JsonNode freeze, JsonPointer at) {
        ZoneId zone = text(freeze, "timeZone", at, GateSyntax::zone, ZoneOffset.UTC);
        return new FreezeCalendar(
                zone, windows(freeze, "allow", at), windows(freeze, "deny", at), calendar(freeze, at));
    }

    @CheckForNull
    private URI calendar(JsonNode freeze, JsonPointer at) {
        String address = freeze.path("calendar").asText();
        if (address.isEmpty() || isWebAddress(address)) {
            return address.isEmpty() ? null : URI.create(address);
        }
        report.accept(
                at.appendProperty("calendar"),
                "the address of the calendar is not valid; write http:// or https://, without a password");
        return null;
    }

    private List<Window> windows(JsonNode freeze, String key, JsonPointer at) {
        JsonNode windows = freeze.path(key);
        JsonPointer place = at.appendProperty(key);
        List<JsonNode> all = DeclarationReader.many(windows).toList();
        List<Window> read = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Window window =
                    attempt(windows.isArray() ? place.appendIndex(i) : place, all.get(i), GateSyntax::window, null);
            if (window != null) {
                read.add(window);
            }
        }
        return read;
    }

    private List<HttpCheck> checks(JsonNode checks, JsonPointer at) {
        Set<String> names = new HashSet<>();
        List<HttpCheck> read = new ArrayList<>();
        for (JsonNode check : DeclarationReader.many(checks).toList()) {
            JsonPointer place = checks.isArray() ? at.appendIndex(read.size()) : at;
            String name = check.get("name").asText();
            String url = check.get("url").asText();
            if (!names.add(name)) {
                report.accept(place, "the check '" + name + "' comes twice; give each its own name");
            }
            if (GateDefinition.BUILT_IN.contains(name.strip().toLowerCase(Locale.ROOT))) {
                report.accept(place, "the check '" + name + "' has the name of a built-in requirement; rename it");
            }
            if (!isWebAddress(url)) {
                report.accept(
                        place.appendProperty("url"),
                        "the address of the check '" + name
                                + "' is not valid; write http:// or https://, without a password");
            }
            read.add(new HttpCheck(name, url));
        }
        return read;
    }

    static boolean isWebAddress(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    <T> T text(JsonNode node, String key, JsonPointer at, Function<String, T> reading, @CheckForNull T otherwise) {
        return node.has(key) ? attempt(at.appendProperty(key), node.get(key).asText(), reading, otherwise) : otherwise;
    }

    private <F, T> T attempt(JsonPointer at, F from, Function<F, T> reading, @CheckForNull T otherwise) {
        try {
            return reading.apply(from);
        } catch (IllegalArgumentException | GitOpsException problem) {
            report.accept(at, String.valueOf(problem.getMessage()).replaceFirst("\\.$", ""));
            return otherwise;
        }
    }
}
