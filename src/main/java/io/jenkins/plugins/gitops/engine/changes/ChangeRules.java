package io.jenkins.plugins.gitops.engine.changes;

import io.jenkins.plugins.gitops.engine.model.Glob;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files are which kind of change.
 *
 * @param patterns by kind
 * @param ignore files that are no change, whatever else names them
 * @param base the branch that other branches are compared with; empty where none is declared
 */
public record ChangeRules(Map<ChangeKind, List<Glob>> patterns, List<Glob> ignore, Optional<String> base) {

    /** Where a source repository declares them. */
    public static final String FILE = "gitops-changes.yaml";

    /** What nothing else names is code: an image that is built for nothing costs less than one that is not built. */
    public static final ChangeRules DEFAULT = new ChangeRules(
            Map.of(
                    ChangeKind.CODE,
                    globs(List.of("**")),
                    ChangeKind.CONFIG,
                    globs(List.of(
                            "**/k8s/**",
                            "**/kubernetes/**",
                            "**/kustomize/**",
                            "**/charts/**",
                            "**/helm/**",
                            "**/manifests/**",
                            "**/argocd/**",
                            "**/kustomization.yaml",
                            "**/kustomization.yml",
                            "**/Kustomization",
                            "gitops.yaml")),
                    ChangeKind.INFRASTRUCTURE,
                    globs(List.of(
                            "**/terraform/**",
                            "**/opentofu/**",
                            "**/*.tf",
                            "**/*.tf.json",
                            "**/*.tofu",
                            "**/*.tfvars",
                            "**/*.tfvars.json",
                            "**/.terraform.lock.hcl",
                            "**/terragrunt.hcl"))),
            List.of(),
            Optional.empty());

    public ChangeRules {
        EnumMap<ChangeKind, List<Glob>> complete = new EnumMap<>(ChangeKind.class);
        for (ChangeKind kind : ChangeKind.values()) {
            complete.put(kind, List.copyOf(patterns.getOrDefault(kind, List.of())));
        }
        patterns = Collections.unmodifiableMap(complete);
        ignore = List.copyOf(ignore);
    }

    static List<Glob> globs(List<String> patterns) {
        return patterns.stream().map(Glob::ofFiles).toList();
    }

    /** What the file is: infrastructure before configuration before code; empty where it is ignored or nothing names it. */
    public Optional<ChangeKind> kind(String path) {
        if (matches(ignore, path)) {
            return Optional.empty();
        }
        for (ChangeKind kind : List.of(ChangeKind.INFRASTRUCTURE, ChangeKind.CONFIG, ChangeKind.CODE)) {
            if (matches(patterns.get(kind), path)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static boolean matches(List<Glob> globs, String path) {
        return globs.stream().anyMatch(glob -> glob.matches(path));
    }

    /**
     * With what is given in place of what is declared.
     *
     * @param given by {@link ChangeKind#toString}, or {@code ignore}; an empty list gives nothing
     * @throws ChangeRulesException if a pattern cannot be used
     */
    public ChangeRules with(Map<String, List<String>> given, Optional<String> givenBase) {
        Map<ChangeKind, List<Glob>> changed = new EnumMap<>(patterns);
        for (ChangeKind kind : ChangeKind.values()) {
            List<String> own = given.getOrDefault(kind.toString(), List.of());
            if (!own.isEmpty()) {
                own.forEach(pattern -> requireUsable("'" + kind + "'", pattern));
                changed.put(kind, globs(own));
            }
        }
        List<String> ignored = given.getOrDefault("ignore", List.of());
        ignored.forEach(pattern -> requireUsable("'ignore'", pattern));
        return new ChangeRules(changed, ignored.isEmpty() ? ignore : globs(ignored), givenBase.or(() -> base));
    }

    /**
     * @param place where it stands
     * @throws ChangeRulesException if the pattern would match nothing that is there
     */
    public static void requireUsable(String place, String pattern) {
        ChangeRulesReader.problem(pattern).ifPresent(problem -> {
            throw new ChangeRulesException(place + ": " + problem + ".");
        });
    }
}
