package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The manifest of one Job ({@code batch/v1}), as it stands in the config repository.
 *
 * @param namespace where it runs
 */
public record JobManifest(String namespace, ObjectNode manifest) {

    private static final String API = "batch/v1";
    private static final int MAX_BYTES = 256 << 10;

    /** RFC 1123, as Kubernetes asks of the name of a namespace. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** What of the manifest's metadata is kept: its name and what a server sets are not. */
    private static final List<String> KEPT = List.of("labels", "annotations");

    static boolean isNamespace(String name) {
        return NAMESPACE.matcher(name).matches();
    }

    /**
     * @param file its path
     * @param namespace that it must be in, or null for its own
     * @throws InvalidDeclarationException with file and line, if it is not one Job in that namespace
     */
    public static JobManifest read(String file, byte[] content, @CheckForNull String namespace) {
        if (content.length > MAX_BYTES) {
            throw invalid(file, 1, "the manifest is larger than " + (MAX_BYTES >> 10) + " KiB; make it smaller");
        }
        LocatedYaml yaml = LocatedYaml.read(file, content);
        JsonNode tree = yaml.tree();
        String kind =
                tree.path("kind").asText() + " of " + tree.path("apiVersion").asText();
        if (!(tree instanceof ObjectNode manifest) || !kind.equals("Job of " + API)) {
            throw invalid(
                    file,
                    1,
                    "'kubernetesJob' takes a Job of " + API + ", and this is "
                            + (kind.equals(" of ") ? "none" : Shortened.name(kind)));
        }
        JsonPointer metadata = JsonPointer.compile("/metadata");
        String own = tree.at(metadata).path("namespace").asText();
        int line = yaml.line(metadata.appendProperty("namespace"));
        String chosen = namespace == null ? own : namespace;
        if (chosen.isEmpty()) {
            throw invalid(file, line, "the Job has no namespace; add it here, or as 'namespace' of the check");
        }
        if (!own.isEmpty() && !own.equals(chosen)) {
            throw invalid(
                    file,
                    line,
                    "the Job is for the namespace '" + Shortened.name(own) + "', and the check for '" + chosen
                            + "'; correct one of them");
        }
        if (!isNamespace(chosen)) {
            throw invalid(file, line, "'" + Shortened.name(chosen) + "' is not a namespace; correct it");
        }
        if (!tree.path("spec").isObject()) {
            throw invalid(file, 1, "the Job has no 'spec'; add it");
        }
        return new JobManifest(chosen, manifest);
    }

    /**
     * As it is created.
     *
     * @param labels besides those of the manifest
     * @param annotations likewise
     * @param seconds after which the cluster deletes it once it has ended, unless the manifest says otherwise
     */
    public ObjectNode named(String name, Map<String, String> labels, Map<String, String> annotations, int seconds) {
        ObjectNode job = manifest.objectNode();
        job.set("apiVersion", manifest.get("apiVersion"));
        job.set("kind", manifest.get("kind"));
        ObjectNode metadata = job.putObject("metadata").put("name", name).put("namespace", namespace);
        for (String kept : KEPT) {
            ObjectNode given = metadata.putObject(kept);
            if (manifest.path("metadata").get(kept) instanceof ObjectNode own) {
                given.setAll(own);
            }
            (kept.equals("labels") ? labels : annotations).forEach(given::put);
        }
        ObjectNode spec = ((ObjectNode) manifest.get("spec")).deepCopy();
        if (!spec.has("ttlSecondsAfterFinished")) {
            spec.put("ttlSecondsAfterFinished", seconds);
        }
        job.set("spec", spec);
        return job;
    }

    private static InvalidDeclarationException invalid(String file, int line, String problem) {
        return new InvalidDeclarationException(file, List.of(new Violation(line, problem)));
    }
}
