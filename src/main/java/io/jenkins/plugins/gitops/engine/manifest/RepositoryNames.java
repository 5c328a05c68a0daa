package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;

/** When two spellings name the same image, or may be mirrors of one. */
final class RepositoryNames {

    private static final String OFFICIAL = "library/";

    private RepositoryNames() {}

    static boolean same(String one, String other) {
        return one.equals(other)
                || (endAlike(one, other)
                        && ImageReference.canonicalRepository(one).equals(ImageReference.canonicalRepository(other)));
    }

    /**
     * Whether an environment may pull the image from there: registries and paths of mirrors differ, the last part of the
     * name does not. A mirror without folders has the path in it, {@code ghcr.io-acme-shop-api}, with or without the
     * registry.
     */
    static boolean mayBeMirror(String found, String declared) {
        String last = lastPart(found);
        return same(found, declared)
                || last.equals(lastPart(declared))
                || (last.endsWith(lastPart(declared))
                        && isFlat(flat(last), ImageReference.canonicalRepository(declared)));
    }

    private static boolean isFlat(String name, String canonical) {
        String path = path(canonical);
        String registry = registry(canonical);
        String shorter =
                registry.equals("docker.io") && path.startsWith(OFFICIAL) ? path.substring(OFFICIAL.length()) : path;
        return name.equals(flat(path)) || name.equals(flat(canonical)) || name.equals(flat(registry + "/" + shorter));
    }

    private static String flat(String name) {
        return name.replaceAll("[^a-zA-Z0-9]+", "-");
    }

    static String lastPart(String repository) {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    /** Whether two references of one image have the same version, whatever registry each is pulled from. */
    static boolean sameVersion(ImageReference one, ImageReference other) {
        return one.tagName().equals(other.tagName()) && one.digestValue().equals(other.digestValue());
    }

    /** Most names differ here already, and a file may hold thousands. */
    private static boolean endAlike(String one, String other) {
        int length = Math.min(one.length(), other.length());
        return one.regionMatches(one.length() - length, other, other.length() - length, length);
    }

    static String registry(String repository) {
        return ImageReference.registry(repository);
    }

    /** The repository without its registry. */
    static String path(String repository) {
        String registry = registry(repository);
        return registry.isEmpty() ? repository : repository.substring(registry.length() + 1);
    }
}
