package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a promotion takes along besides images and versions.
 *
 * @param scope where the files are
 * @param values key paths in the environments' Helm values files; a path and what is below it
 * @param keeps key paths there that never move: those declared, and every place that the release itself writes
 * @param files relative to each environment's folder, or branch
 * @param own likewise, what environments declare to hold their images and versions: never carried
 */
public record Carries(Scope scope, List<YamlPath> values, List<YamlPath> keeps, List<Glob> files, Set<String> own) {

    /** What belongs to an environment. */
    public enum Scope {
        /** A folder, beside those of other environments. */
        FOLDER,
        /** The whole of a branch of its own, as a hydrator writes it. */
        BRANCH
    }

    /** By this name a release holds the digest of what is carried. */
    public static final String NAME = "carried";

    /** In the top folder: what says who may promote what and what runs, and what Git and its servers read. */
    private static final Pattern RESERVED = Pattern.compile(
            "gitops\\.yaml|gitops-changes\\.yaml|jenkinsfile[^/]*|(?:docs/)?codeowners|\\..*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern WILDCARD = Pattern.compile("[^/]*\\*.*");

    public Carries {
        values = List.copyOf(values);
        keeps = List.copyOf(keeps);
        files = List.copyOf(files);
        own = Set.copyOf(own);
    }

    /** Whether a file is carried, by its path relative to the environment's folder. */
    public boolean holds(String path) {
        return !own.contains(path)
                && !RESERVED.matcher(path).matches()
                && files.stream().anyMatch(glob -> glob.matches(path));
    }

    /** Whether files of a folder may be. */
    public boolean mayHoldIn(String folder) {
        String within = folder + "/";
        return files.stream()
                .anyMatch(glob -> begin(glob).startsWith(within) || isOpen(glob) && within.startsWith(begin(glob)));
    }

    private static boolean isOpen(Glob glob) {
        return glob.toString().contains("*") || glob.toString().endsWith("/");
    }

    /** The folders that a pattern leads into without a doubt: empty, or with a slash at the end. */
    public static String begin(Glob glob) {
        String fixed = WILDCARD.matcher(glob.toString()).replaceFirst("");
        return fixed.substring(0, fixed.lastIndexOf('/') + 1);
    }
}
