package io.jenkins.plugins.gitops.engine.registry.ecr;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finding;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecr.model.Attribute;
import software.amazon.awssdk.services.ecr.model.DescribeImageScanFindingsResponse;
import software.amazon.awssdk.services.ecr.model.EnhancedImageScanFinding;
import software.amazon.awssdk.services.ecr.model.ImageScanFinding;
import software.amazon.awssdk.services.ecr.model.PackageVulnerabilityDetails;

/** Reads ECR's findings: the basic scanner's and Amazon Inspector's. */
final class Findings {

    private Findings() {}

    /** @param pages of one answer, at least one; each repeats the counts of the whole */
    static ScanReport.Finished read(List<DescribeImageScanFindingsResponse> pages) {
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        pages.get(0)
                .imageScanFindings()
                .findingSeverityCountsAsStrings()
                .forEach((word, count) -> counts.merge(Severity.of(word), count, Integer::sum));
        List<Finding> findings = new ArrayList<>();
        for (DescribeImageScanFindingsResponse page : pages) {
            page.imageScanFindings().findings().forEach(finding -> findings.add(basic(finding)));
            page.imageScanFindings().enhancedFindings().forEach(finding -> findings.add(enhanced(finding)));
        }
        if (counts.isEmpty()) {
            findings.forEach(finding -> counts.merge(finding.severity(), 1, Integer::sum));
        }
        return new ScanReport.Finished(counts, sorted(findings));
    }

    /** Several images as one: the most of each severity, every finding once. */
    static ScanReport.Finished worst(List<ScanReport.Finished> reports) {
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        Set<Finding> findings = new LinkedHashSet<>();
        for (ScanReport.Finished report : reports) {
            report.counts().forEach((severity, count) -> counts.merge(severity, count, Math::max));
            findings.addAll(report.findings());
        }
        return new ScanReport.Finished(counts, sorted(findings));
    }

    private static List<Finding> sorted(Iterable<Finding> findings) {
        List<Finding> sorted = new ArrayList<>();
        findings.forEach(sorted::add);
        sorted.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::id));
        return sorted;
    }

    private static Finding basic(ImageScanFinding finding) {
        Map<String, String> attributes = finding.attributes().stream()
                .filter(attribute -> attribute.value() != null)
                .collect(Collectors.toMap(Attribute::key, Attribute::value, (first, second) -> first));
        String component =
                attributes.getOrDefault("package_name", "") + " " + attributes.getOrDefault("package_version", "");
        return new Finding(
                text(finding.name()),
                Severity.of(text(finding.severityAsString())),
                component.strip(),
                text(finding.uri()));
    }

    private static Finding enhanced(EnhancedImageScanFinding finding) {
        PackageVulnerabilityDetails details = finding.packageVulnerabilityDetails();
        if (details == null) {
            return new Finding(text(finding.title()), Severity.of(text(finding.severity())), "", "");
        }
        String component = details.vulnerablePackages().stream()
                .map(found -> text(found.name()) + " " + text(found.version()))
                .map(String::strip)
                .distinct()
                .collect(Collectors.joining(", "));
        return new Finding(
                text(details.vulnerabilityId()),
                Severity.of(text(finding.severity())),
                component,
                text(details.sourceUrl()));
    }

    private static String text(@CheckForNull String value) {
        return value == null ? "" : value;
    }
}
