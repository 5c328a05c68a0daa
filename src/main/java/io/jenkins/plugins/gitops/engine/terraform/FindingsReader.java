package io.jenkins.plugins.gitops.engine.terraform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.engine.Json;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finding;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What scanners found in the configuration of a plan: SARIF 2.1.0, or the JSON of trivy and of checkov.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF</a>
 */
public final class FindingsReader {

    /** Of one file. */
    public static final int MOST_BYTES = 8 << 20;

    private static final int MOST_FINDINGS = 1_000;
    private static final int LONGEST_TEXT = 1_000_000;
    private static final int DEEPEST = 100;
    private static final int LONGEST_PLACE = 160;

    private static final JsonMapper JSON = Json.bounded(MOST_BYTES, LONGEST_TEXT, DEEPEST);

    private final Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    private final List<Finding> findings = new ArrayList<>();

    /** Adds what a file has found. */
    public void add(String file, InputStream content) throws IOException {
        JsonNode report;
        try {
            report = JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw unknown(file);
        }
        if (report.path("runs").isArray()) {
            report.path("runs").forEach(this::sarif);
        } else if (report.has("SchemaVersion") && (report.has("Results") || report.has("ArtifactName"))) {
            report.path("Results").forEach(this::trivy);
        } else if (report.isArray() && !report.isEmpty() && report.get(0).has("check_type")) {
            report.forEach(this::checkov);
        } else if (report.has("check_type")
                || report.path("passed").isNumber() && report.path("failed").isNumber()) {
            checkov(report);
        } else {
            throw unknown(file);
        }
    }

    private static PlanException unknown(String file) {
        return new PlanException(file
                + " has no findings that can be read: write SARIF, or the JSON of trivy or checkov, with at"
                + " most 8 MiB.");
    }

    /** All that was added, worst first. */
    public Finished findings() {
        findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::id));
        return new Finished(counts, findings);
    }

    private void sarif(JsonNode run) {
        Map<String, Severity> rules = new HashMap<>();
        run.path("tool").path("driver").path("rules").forEach(rule -> {
            double score = rule.path("properties").path("security-severity").asDouble(0);
            if (score > 0) {
                rules.put(rule.path("id").asText(), ofScore(score));
            }
        });
        for (JsonNode result : run.path("results")) {
            boolean isSuppressed = false;
            for (JsonNode suppression : result.path("suppressions")) {
                isSuppressed |= !suppression.path("status").asText("accepted").equals("rejected");
            }
            if (isSuppressed || !result.path("kind").asText("fail").equals("fail")) {
                continue;
            }
            String rule =
                    result.path("ruleId").asText(result.path("rule").path("id").asText("?"));
            JsonNode place = result.path("locations").path(0).path("physicalLocation");
            add(
                    rule,
                    rules.getOrDefault(rule, ofLevel(result.path("level").asText("warning"))),
                    place(
                            place.path("artifactLocation").path("uri").asText(""),
                            place.path("region").path("startLine")));
        }
    }

    /** As the severity of a CVSS score is named; the code scanning of GitHub reads it the same. */
    private static Severity ofScore(double score) {
        return score >= 9
                ? Severity.CRITICAL
                : score >= 7 ? Severity.HIGH : score >= 4 ? Severity.MEDIUM : Severity.LOW;
    }

    private static Severity ofLevel(String level) {
        return switch (level) {
            case "error" -> Severity.HIGH;
            case "note" -> Severity.LOW;
            case "none" -> Severity.INFORMATIONAL;
            default -> Severity.MEDIUM;
        };
    }

    private void trivy(JsonNode result) {
        String target = result.path("Target").asText("");
        for (JsonNode found : result.path("Misconfigurations")) {
            if (found.path("Status").asText("FAIL").equals("FAIL")) {
                add(
                        found.path("ID").asText("?"),
                        severity(found.path("Severity")),
                        place(target, found.path("CauseMetadata").path("StartLine")));
            }
        }
        result.path("Vulnerabilities")
                .forEach(found -> add(
                        found.path("VulnerabilityID").asText("?"),
                        severity(found.path("Severity")),
                        (found.path("PkgName").asText("") + " "
                                        + found.path("InstalledVersion").asText(""))
                                .strip()));
        result.path("Secrets")
                .forEach(found -> add(
                        found.path("RuleID").asText("?"),
                        severity(found.path("Severity")),
                        place(target, found.path("StartLine"))));
    }

    private void checkov(JsonNode report) {
        report.path("results")
                .path("failed_checks")
                .forEach(found -> add(
                        found.path("check_id").asText("?"),
                        severity(found.path("severity")),
                        place(
                                found.path("file_path").asText("").replaceFirst("^/", ""),
                                found.path("file_line_range").path(0))));
    }

    /** What a scanner does not rate counts as high: it would have no limit otherwise. */
    private static Severity severity(JsonNode word) {
        Severity severity = Severity.of(word.asText(""));
        return severity == Severity.UNDEFINED ? Severity.HIGH : severity;
    }

    private static String place(String file, JsonNode line) {
        return file + (file.isEmpty() || !line.isNumber() ? "" : ":" + line.asInt());
    }

    private void add(String id, Severity severity, String place) {
        counts.merge(severity, 1, Integer::sum);
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new Finding(Shortened.name(id), severity, Shortened.line(place, LONGEST_PLACE), ""));
        }
    }
}
