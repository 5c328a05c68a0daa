package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads {@code gitops.yaml}: YAML, then its schema, then what only the whole can tell. Pure; safe for any thread. */
public final class DeclarationReader {

    private final BiConsumer<JsonPointer, String> report;

    private DeclarationReader(BiConsumer<JsonPointer, String> report) {
        this.report = report;
    }

    /**
     * @param file name for messages, usually {@link Declaration#FILE}
     * @throws InvalidDeclarationException with every violation and its line, or the one place where it is not YAML
     */
    public static Declaration read(String file, byte[] content) {
        return read(file, content, "");
    }

    /**
     * Likewise, of a file that stands on a branch.
     *
     * @param branch where the targets are that name no branch of their own; empty where it is not known
     */
    public static Declaration read(String file, byte[] content, String branch) {
        LocatedYaml document = LocatedYaml.read(file, content);
        List<Violation> violations = SchemaViolations.violations(document);
        if (!violations.isEmpty()) {
            throw new InvalidDeclarationException(file, violations);
        }
        DeclarationRules rules = new DeclarationRules(document, branch);
        Declaration declaration = new DeclarationReader(rules::report).read(document.tree());
        violations = rules.violations(declaration);
        if (!violations.isEmpty()) {
            throw new InvalidDeclarationException(file, violations);
        }
        return declaration;
    }

    private Declaration read(JsonNode tree) {
        JsonPointer root = JsonPointer.empty().appendProperty("applications");
        Map<String, Application> applications =
                map(tree.get("applications"), (name, node) -> application(name, node, root.appendProperty(name)));
        return new Declaration(
                applications,
                tree.has("freezes")
                        ? new FreezesReader(report, gates()).read(tree.get("freezes"), applications.values())
                        : List.of());
    }

    private Application application(String name, JsonNode node, JsonPointer at) {
        JsonPointer environments = at.appendProperty("environments");
        Map<String, String> images = map(node.path("images"), (key, image) -> image.asText());
        Map<String, VersionSource> versions = node.has("versions")
                ? map(node.get("versions"), (key, source) -> FieldsReader.source(source))
                : Map.of();
        Map<String, Environment> places = map(
                node.get("environments"),
                (key, environment) ->
                        environment(key, environment, environments.appendProperty(key), images, versions));
        return new Application(
                name,
                images,
                versions,
                node.has("jobs") ? globs(node.get("jobs")) : List.of(),
                node.has("carries") || node.has("keeps") ? new CarriesReader(report, node, at).read(places) : null,
                places);
    }

    private static List<Glob> globs(JsonNode jobs) {
        return strings(jobs).stream().map(Glob::ofPaths).toList();
    }

    private Environment environment(
            String name,
            JsonNode node,
            JsonPointer at,
            Map<String, String> images,
            Map<String, VersionSource> versions) {
        if (node.has("verify") && !node.has("argocd")) {
            report.accept(
                    at.appendProperty("verify"),
                    "nobody sees when a release here is healthy, so nothing verifies it; add 'argocd'");
        }
        if (node.path("rollback").path("automatic").asBoolean() && !node.has("verify")) {
            report.accept(
                    at.appendProperty("rollback").appendProperty("automatic"),
                    "nothing is rolled back automatically without 'verify'; add checks, or remove 'automatic'");
        }
        requireQuorum(node, at);
        requireOneMerger(node, at);
        boolean movesNothing = images.isEmpty() && versions.isEmpty() && !node.has("folder");
        if (node.has("terraform") && node.has("after") && movesNothing) {
            report.accept(
                    at.appendProperty("after"),
                    "nothing is promoted into an environment that has infrastructure alone; remove 'after'");
        }
        List<ArgoApplication> applications = node.has("argocd") ? argoApplications(node.get("argocd")) : List.of();
        return new Environment(
                name,
                predecessors(node),
                node.path("after").isObject() ? AfterPolicy.ANY : AfterPolicy.ALL,
                text(node, "branch"),
                text(node, "folder"),
                files(node, at, images, versions),
                node.has("repositories")
                        ? new FieldsReader(report, images, versions)
                                .repositories(node.get("repositories"), at.appendProperty("repositories"))
                        : Map.of(),
                applications,
                node.has("gate") ? gates().read(node.get("gate"), at.appendProperty("gate"), approvedBy(node)) : null,
                node.has("rollback") ? gates().rollback(node.get("rollback"), at.appendProperty("rollback")) : null,
                node.has("verify")
                        ? new VerificationReader(report, gates(), applications)
                                .read(node.get("verify"), at.appendProperty("verify"))
                        : null,
                text(node, "terraform"),
                isByPullRequest(node) ? delivery(node.get("deliver")) : null);
    }

    /** Where people approve: reviews count at the gate alone. */
    private static GateDefinition.ApprovedBy approvedBy(JsonNode node) {
        JsonNode approvals = node.path("deliver").path("approvals");
        return approvals.isMissingNode() || !isByPullRequest(node)
                ? GateDefinition.ApprovedBy.GATE
                : GateDefinition.ApprovedBy.valueOf(
                        approvals.asText().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static boolean isByPullRequest(JsonNode environment) {
        return environment.path("deliver").path("by").asText().equals("pull-request");
    }

    private void requireQuorum(JsonNode node, JsonPointer at) {
        String approvals = node.path("deliver").path("approvals").asText("gate");
        if (!approvals.equals("gate") && node.path("gate").path("approvals").isMissingNode()) {
            report.accept(
                    at.appendProperty("deliver").appendProperty("approvals"),
                    "reviews count as approvals of the gate, and there is none that asks for approvals; add 'approvals'"
                            + " to 'gate', or remove it here");
        }
    }

    private void requireOneMerger(JsonNode node, JsonPointer at) {
        JsonNode deliver = node.path("deliver");
        if (deliver.path("autoMerge").asBoolean()
                && deliver.path("merge").asText().equals("people")) {
            report.accept(
                    at.appendProperty("deliver").appendProperty("autoMerge"),
                    "a person merges it, by 'merge: people'; remove 'autoMerge', or choose merge, squash or rebase");
        }
    }

    private static DeliveryDefinition delivery(JsonNode deliver) {
        return new DeliveryDefinition(
                text(deliver, "provider"),
                strings(deliver.path("reviewers")),
                strings(deliver.path("labels")),
                DeliveryDefinition.Merge.valueOf(
                        deliver.path("merge").asText("squash").toUpperCase(Locale.ROOT)),
                deliver.path("autoMerge").asBoolean());
    }

    private GateDefinitionReader gates() {
        return new GateDefinitionReader(report);
    }

    private static List<ArgoApplication> argoApplications(JsonNode argocd) {
        return many(argocd)
                .map(argo -> new ArgoApplication(
                        text(argo, "application"), text(argo, "connection"), text(argo, "namespace")))
                .toList();
    }

    /** The environments it comes after, all of them or any. */
    private static List<String> predecessors(JsonNode environment) {
        JsonNode after = environment.path("after");
        return strings(after.isObject() ? after.get("any") : after);
    }

    private List<ManifestFile> files(
            JsonNode environment, JsonPointer at, Map<String, String> images, Map<String, VersionSource> versions) {
        List<ManifestFile> files = new ArrayList<>();
        Map<String, VersionSource> sources = versions.isEmpty() ? Map.of() : FieldsReader.withAddress(versions);
        strings(environment.path("kustomization"))
                .forEach(path -> files.add(new ManifestFile.Kustomization(path, sources)));
        many(environment.path("values"))
                .forEach(values -> files.add(new ManifestFile.HelmValues(
                        text(values, "file"),
                        map(values.get("images"), (image, path) -> path.asText()),
                        FieldsReader.document(values.path("document")))));
        strings(environment.path("manifests"))
                .forEach(path -> files.add(new ManifestFile.KubernetesManifest(path, sources)));
        environment
                .path("versions")
                .properties()
                .forEach(entry ->
                        files.add(new ManifestFile.VersionFile(entry.getValue().asText(), entry.getKey())));
        if (environment.has("fields")) {
            files.addAll(new FieldsReader(report, images, versions)
                    .files(environment.get("fields"), at.appendProperty("fields")));
        }
        return List.copyOf(files);
    }

    @Nullable
    private static String text(JsonNode node, String key) {
        return node.has(key) ? node.get(key).asText() : null;
    }

    /** The node's items if it is a list, itself if it is there, nothing otherwise. */
    static Stream<JsonNode> many(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false);
        }
        return node.isMissingNode() ? Stream.empty() : Stream.of(node);
    }

    static List<String> strings(JsonNode node) {
        return many(node).map(JsonNode::asText).toList();
    }

    private static <T> Map<String, T> map(JsonNode object, BiFunction<String, JsonNode, T> value) {
        Map<String, T> map = new LinkedHashMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), value.apply(entry.getKey(), entry.getValue())));
        return Collections.unmodifiableMap(map);
    }
}
