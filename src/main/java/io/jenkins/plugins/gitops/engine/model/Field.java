package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Optional;

/**
 * One value in a file, and what it is.
 *
 * @param at dotted path of keys; of a file of {@code KEY=value} lines the key, in quotes where it has a dot
 * @param in the document of a file of several, or null for the only one that has the path
 * @param name of an image or a version in the declaration
 */
public record Field(String at, @CheckForNull Document in, Part part, String name) {

    /** Which part of an image the value is, or the version of what. */
    public enum Part {
        TAG,
        DIGEST,
        REFERENCE,
        REPOSITORY,
        REGISTRY,
        CHART,
        REF,
        VALUE;

        /** As it is written in {@code gitops.yaml}. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** Whether it is of an image. */
        public boolean isOfImage() {
            return compareTo(CHART) < 0;
        }

        /** Whether it says which version of the image or else runs. */
        public boolean saysVersion() {
            return this != REPOSITORY && this != REGISTRY;
        }
    }

    /**
     * One document of a file.
     *
     * @param index from 0, or null
     */
    public record Document(
            @CheckForNull String kind,
            @CheckForNull String name,
            @CheckForNull String namespace,
            @CheckForNull Integer index) {

        /** {@code kind Application, name shop}. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            append(text, "kind", kind);
            append(text, "name", name);
            append(text, "namespace", namespace);
            append(text, "index", index);
            return text.toString();
        }

        private static void append(StringBuilder text, String what, @CheckForNull Object value) {
            if (value != null) {
                text.append(text.isEmpty() ? "" : ", ").append(what).append(' ').append(value);
            }
        }
    }

    public Optional<Document> document() {
        return Optional.ofNullable(in);
    }
}
