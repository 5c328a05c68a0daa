package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.KubernetesJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Reads the {@code verify} of an environment that satisfies the schema, and reports what the schema cannot say. */
final class VerificationReader {

    private static final Duration LONGEST_WITHIN = Duration.ofDays(1);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final int OK = 200;

    /** What each kind of check may have besides its own key. */
    private static final Map<String, Set<String>> KINDS = kinds();

    private final BiConsumer<JsonPointer, String> report;
    private final GateDefinitionReader texts;
    private final List<Optional<String>> connections;

    /** @param applications of the environment */
    VerificationReader(
            BiConsumer<JsonPointer, String> report, GateDefinitionReader texts, List<ArgoApplication> applications) {
        this.report = report;
        this.texts = texts;
        this.connections = applications.stream()
                .map(application -> Optional.ofNullable(application.connection()))
                .distinct()
                .toList();
    }

    private static Map<String, Set<String>> kinds() {
        Map<String, Set<String>> kinds = new LinkedHashMap<>();
        kinds.put("http", Set.of("expect", "for", "interval"));
        kinds.put("prometheus", Set.of("query", "above", "below", "noData", "for", "interval"));
        kinds.put("job", Set.of("parameters", "interval"));
        kinds.put("kubernetesJob", Set.of("connection", "namespace", "interval"));
        return kinds;
    }

    VerificationDefinition read(JsonNode verify, JsonPointer at) {
        Duration within = texts.text(verify, "within", at, GateSyntax::duration, VerificationDefinition.USUAL_WITHIN);
        if (within.compareTo(LONGEST_WITHIN) > 0) {
            report.accept(at.appendProperty("within"), "a verification takes 1d at most; write a shorter 'within'");
        }
        JsonPointer place = at.appendProperty("checks");
        List<Check> checks = new ArrayList<>();
        verify.path("checks").properties().forEach(entry -> {
            Check check = check(entry.getKey(), entry.getValue(), place.appendProperty(entry.getKey()));
            if (check != null) {
                checks.add(check);
                requireTime(check, within, place.appendProperty(check.name()));
            }
        });
        if (verify.has(Alerts.NAME)) {
            checks.add(alerts(verify.get(Alerts.NAME), at.appendProperty(Alerts.NAME)));
        }
        if (!verify.has("checks") && !verify.has(Alerts.NAME)) {
            report.accept(at, "'verify' asks for nothing; add 'checks' or 'alerts'");
        }
        if (checks.stream().filter(check -> check.name().equals(Alerts.NAME)).count() > 1) {
            report.accept(
                    place.appendProperty(Alerts.NAME),
                    "'alerts' is the name of the observation of alerts beside it; give the check another name");
        }
        return new VerificationDefinition(within, checks);
    }

    private Alerts alerts(JsonNode alerts, JsonPointer at) {
        Map<String, String> match = new LinkedHashMap<>();
        alerts.path("match")
                .properties()
                .forEach(label -> match.put(label.getKey(), label.getValue().asText()));
        Duration observe = texts.text(alerts, "observe", at, Durations::parse, VerificationDefinition.USUAL_OBSERVE);
        if (observe.compareTo(SHORTEST_INTERVAL) < 0 || observe.compareTo(LONGEST_WITHIN) > 0) {
            report.accept(at.appendProperty("observe"), "'observe' must be 5s to 1d");
        }
        return new Alerts(match, observe);
    }

    private void requireTime(Check check, Duration within, JsonPointer at) {
        if (check.lasts().compareTo(within) >= 0) {
            report.accept(
                    at.appendProperty("for"),
                    "the check '" + check.name() + "' needs " + Durations.text(check.lasts())
                            + " ('for'), and 'within' leaves " + Durations.text(within) + "; raise 'within'");
        }
    }

    /** @return null after a report */
    @CheckForNull
    private Check check(String name, JsonNode check, JsonPointer at) {
        List<String> given = KINDS.keySet().stream().filter(check::has).toList();
        if (given.size() != 1) {
            report.accept(
                    at,
                    "the check '" + name + "' has "
                            + (given.isEmpty() ? "no kind" : "the kinds " + String.join(" and ", given))
                            + "; give one of '"
                            + String.join("', '", KINDS.keySet()) + "'");
            return null;
        }
        if (name.equals(VerificationDefinition.Pipeline.NAME)) {
            report.accept(at, "'" + name + "' names the body of a gitopsVerify step; give the check another name");
            return null;
        }
        String kind = given.get(0);
        Set<String> unfit = new TreeSet<>();
        check.fieldNames().forEachRemaining(key -> {
            if (!key.equals(kind) && !KINDS.get(kind).contains(key)) {
                unfit.add(key);
            }
        });
        if (!unfit.isEmpty()) {
            report.accept(
                    at,
                    "'" + unfit.iterator().next() + "' does not apply to the check '" + name + "' with '" + kind
                            + "'; remove it");
            return null;
        }
        return switch (kind) {
            case "http" -> http(name, check, at);
            case "job" -> job(name, check, at);
            case "kubernetesJob" -> kubernetesJob(name, check, at);
            default -> prometheus(name, check, at);
        };
    }

    private KubernetesJob kubernetesJob(String name, JsonNode check, JsonPointer at) {
        String connection = check.has("connection") ? check.get("connection").asText() : null;
        if (connection == null && connections.size() > 1) {
            report.accept(
                    at,
                    "the Applications of this environment have several connections; choose the one of the check '"
                            + name + "' with 'connection'");
        } else if (connection == null && !connections.isEmpty()) {
            connection = connections.get(0).orElse(null);
        }
        String namespace = check.has("namespace") ? check.get("namespace").asText() : null;
        if (namespace != null && !JobManifest.isNamespace(namespace)) {
            report.accept(
                    at.appendProperty("namespace"),
                    "'" + Shortened.name(namespace) + "' is not a namespace; write lower-case letters, digits and '-'");
        }
        return new KubernetesJob(name, check.get("kubernetesJob").asText(), connection, namespace, interval(check, at));
    }

    private JenkinsJob job(String name, JsonNode check, JsonPointer at) {
        Map<String, String> parameters = new LinkedHashMap<>();
        check.path("parameters")
                .properties()
                .forEach(parameter ->
                        parameters.put(parameter.getKey(), parameter.getValue().asText()));
        return new JenkinsJob(name, check.get("job").asText(), parameters, interval(check, at));
    }

    private Http http(String name, JsonNode check, JsonPointer at) {
        String url = check.get("http").asText();
        if (!GateDefinitionReader.isWebAddress(url)) {
            report.accept(
                    at.appendProperty("http"),
                    "the address of the check '" + name
                            + "' is not valid; write http:// or https://, without a password");
        }
        JsonNode expect = check.path("expect");
        return new Http(
                name,
                url,
                expect.path("status").asInt(OK),
                expect.has("body") ? expect.get("body").asText() : null,
                lasts(check, at),
                interval(check, at));
    }

    private Prometheus prometheus(String name, JsonNode check, JsonPointer at) {
        Double above = bound(check, "above", at);
        Double below = bound(check, "below", at);
        if (!check.has("query")) {
            report.accept(at, "the check '" + name + "' has no 'query'; add the PromQL that gives one value");
        } else if (above == null && below == null) {
            report.accept(at, "the check '" + name + "' has no bound; add 'above' or 'below'");
        } else if (above != null && below != null && above >= below) {
            report.accept(
                    at, "no value is above " + above + " and below " + below + "; correct the check '" + name + "'");
        }
        return new Prometheus(
                name,
                check.get("prometheus").asText(),
                check.path("query").asText(),
                above,
                below,
                NoData.valueOf(check.path("noData").asText("wait").toUpperCase(Locale.ROOT)),
                lasts(check, at),
                interval(check, at));
    }

    @CheckForNull
    private Double bound(JsonNode check, String key, JsonPointer at) {
        if (!check.has(key)) {
            return null;
        }
        double bound = check.get(key).asDouble();
        if (!Double.isFinite(bound)) {
            report.accept(at.appendProperty(key), "'" + key + "' must be a finite number");
        }
        return bound;
    }

    private Duration lasts(JsonNode check, JsonPointer at) {
        return texts.text(check, "for", at, Durations::parse, Duration.ZERO);
    }

    private Duration interval(JsonNode check, JsonPointer at) {
        Duration interval = texts.text(check, "interval", at, Durations::parse, VerificationDefinition.USUAL_INTERVAL);
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            report.accept(at.appendProperty("interval"), "'interval' must be 5s to 5m");
        }
        return interval;
    }
}
