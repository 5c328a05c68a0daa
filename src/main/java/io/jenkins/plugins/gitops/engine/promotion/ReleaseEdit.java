package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.KustomizationBases;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes images into the files of one or several places, in memory. A pure function of the tree, so that a preview and
 * the commit come from the same code and a repetition on a newer tip is safe.
 */
public final class ReleaseEdit {

    private final ManifestFiles editor;

    public ReleaseEdit(ManifestFiles editor) {
        this.editor = editor;
    }

    /**
     * Files that change together.
     *
     * @param name how messages call it, for example {@code shop/prod}
     * @param repositories image name to repository, for every image the place may hold
     * @param own likewise, of images that the place takes from somewhere else
     * @param carried what moves with them, or null for nothing
     */
    public record Place(
            String name,
            List<ManifestFile> files,
            Map<String, String> repositories,
            Map<String, String> own,
            @CheckForNull Carried carried) {

        public Place(String name, List<ManifestFile> files, Map<String, String> repositories) {
            this(name, files, repositories, Map.of(), null);
        }

        public static Place of(Application application, Environment environment) {
            Carries carries = application.carries();
            return new Place(
                    application.name() + "/" + environment.name(),
                    environment.files(),
                    application.images(),
                    environment.repositories(),
                    carries == null ? null : Carried.of(carries, environment));
        }

        /**
         * The same with what another version of the application carries.
         *
         * @param now by which what is carried is compared
         */
        static Place of(Application application, Environment environment, Application now) {
            Place place = of(application, environment).withoutCarried();
            Carries carries = now.carries();
            return carries == null
                    ? place
                    : new Place(
                            place.name, place.files, place.repositories, place.own, Carried.of(carries, environment));
        }

        /** The same with nothing that moves besides images and versions. */
        public Place withoutCarried() {
            return new Place(name, files, repositories, own, null);
        }

        /** The repositories of its images in this environment. */
        private Map<String, String> here() {
            if (own.isEmpty()) {
                return repositories;
            }
            Map<String, String> here = new TreeMap<>(repositories);
            own.forEach(here::replace);
            return here;
        }

        /** A version as it is written here. */
        private Version local(String name, Version version) {
            return version instanceof ImageReference image && own.containsKey(name)
                    ? image.withRepository(own.get(name))
                    : version;
        }
    }

    /**
     * What an edit would do.
     *
     * @param contents path to new content, only of files that change
     * @param before the same files as they are
     * @param modes of those among them whose mode does not simply stay, as a commit request has it
     */
    public record Outcome(
            Map<String, byte[]> contents,
            Map<String, byte[]> before,
            Map<String, Integer> modes,
            List<ImageChange> images) {

        /** Whether the places say it all already. */
        public boolean isEmpty() {
            return contents.isEmpty();
        }

        /** What changes, line by line, for people to read. */
        public List<FileChange> files() {
            return FileDiff.of(this);
        }
    }

    /** A place at a commit, from where a release comes with what it carries. */
    public record Origin(Snapshot snapshot, Place place) {}

    /**
     * The images that a place holds now; the first file that mentions an image decides.
     *
     * <p>A mirror that a place pulls from (kustomize's {@code newName}, a registry of a values file) belongs to that
     * place: the references carry the declared repository, so that one environment's mirror never travels to the next.
     *
     * @throws RefusedException if a file is missing
     */
    public Map<String, Version> images(Snapshot snapshot, Place place) {
        place.files().forEach(file -> content(snapshot, place, file));
        Map<String, Version> images = written(snapshot, place);
        images.replaceAll((name, found) -> found instanceof ImageReference image
                ? image.withRepository(place.repositories().get(name))
                : found);
        Carried carried = place.carried();
        if (carried != null) {
            images.put(Carries.NAME, carried.digest(snapshot));
        }
        return images;
    }

    /** The same as the files have it, mirrors included; a file that is not there says nothing. */
    public Map<String, Version> written(Snapshot snapshot, Place place) {
        Map<String, Version> images = new TreeMap<>();
        for (ManifestFile file : place.files()) {
            snapshot.file(file.path())
                    .ifPresent(content -> editor.images(file, content, repositories(place, file, content))
                            .forEach(images::putIfAbsent));
        }
        return images;
    }

    /** By what repositories a file knows the images: an entry of a kustomization by the one of the base, or by its own. */
    private Map<String, String> repositories(Place place, ManifestFile file, byte[] content) {
        Map<String, String> here = place.here();
        if (!(file instanceof ManifestFile.Kustomization) || place.own().isEmpty()) {
            return here;
        }
        Set<String> known = editor.images(file, content, here).keySet();
        Map<String, String> chosen = new TreeMap<>(here);
        chosen.replaceAll((name, repository) ->
                known.contains(name) ? repository : place.repositories().get(name));
        return chosen;
    }

    /**
     * The edit of every place.
     *
     * @throws RefusedException if a file is missing or an image stands in none of a place's files
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if a file cannot be edited safely
     */
    public Outcome apply(Snapshot at, List<Place> places, Map<String, Version> release) {
        return apply(at, places, release, null);
    }

    /**
     * The same of a release that may carry something.
     *
     * @param origin where that is; null for a release that carries nothing
     */
    Outcome apply(Snapshot at, List<Place> places, Map<String, Version> release, @CheckForNull Origin origin) {
        // Each file is read once, and so parsed once.
        Map<String, Optional<byte[]>> read = new HashMap<>();
        Snapshot tip = at.reading(path -> read.computeIfAbsent(path, at::file));
        Map<String, byte[]> before = new LinkedHashMap<>();
        Map<String, byte[]> after = new LinkedHashMap<>();
        Map<String, Integer> modes = new TreeMap<>();
        List<ImageChange> images = new ArrayList<>();
        for (Place place : places) {
            if (release.containsKey(Carries.NAME)) {
                Carried.move(place, tip, release.get(Carries.NAME), origin, before, after, modes);
            }
            Map<String, Version> old = images(tip, released(place, release.keySet()));
            Map<String, Version> found = new TreeMap<>();
            for (ManifestFile file : place.files()) {
                byte[] content = after.computeIfAbsent(file.path(), path -> content(tip, place, file));
                before.putIfAbsent(file.path(), content);
                Map<String, Version> share = share(release, file, content, place, old.keySet());
                Map<String, String> repositories = repositories(place, file, content);
                Map<String, Version> local = new TreeMap<>(share);
                local.replaceAll(place::local);
                byte[] edited = editor.write(file, content, repositories, local);
                if (file instanceof ManifestFile.Kustomization && !Arrays.equals(edited, content)) {
                    requireUse(tip, repositories, file, content, changed(share, old));
                }
                after.put(file.path(), edited);
                Place now = released(place, release.keySet());
                editor.images(file.only(release.keySet()), edited, repositories(now, file, edited))
                        .forEach(found::putIfAbsent);
            }
            release.forEach((name, reference) -> {
                if (!name.equals(Carries.NAME)) {
                    requireFound(tip, place, name, found);
                }
                images.add(new ImageChange(place.name(), name, old.get(name), reference));
            });
        }
        after.keySet().removeIf(path -> Arrays.equals(after.get(path), before.get(path)) && !modes.containsKey(path));
        before.keySet().retainAll(after.keySet());
        return new Outcome(after, before, modes, List.copyOf(images));
    }

    /**
     * Two targets may share a file as long as they hold different values in it. An alias, or another path to the same value,
     * ties them together all the same.
     *
     * @param others targets of the same branch that the change is not for
     * @throws RefusedException if it changes what one of them holds
     */
    void requireUnchanged(Stream<Target> others, Snapshot tip, Outcome change) {
        Map<String, byte[]> contents = change.contents();
        Snapshot changed = tip.reading(
                path -> contents.containsKey(path) ? Optional.ofNullable(contents.get(path)) : tip.file(path));
        others.forEach(other -> {
            Place place = Place.of(other.application(), other.environment());
            List<ManifestFile> shared = place.files().stream()
                    .filter(file -> contents.containsKey(file.path()))
                    .toList();
            if (!shared.isEmpty()) {
                Place there = new Place(place.name(), shared, place.repositories(), place.own(), null);
                // What cannot be read as it is, this change does not make worse.
                held(tip, there)
                        .filter(before -> !held(changed, there).equals(Optional.of(before)))
                        .ifPresent(before -> {
                            throw new RefusedException(
                                    "This would also change " + other + ", which shares a value with it"
                                            + " in " + paths(there)
                                            + ": write the value out where an alias stands for it, and give"
                                            + " each environment a path of its own.");
                        });
            }
        });
    }

    private Optional<Map<String, Version>> held(Snapshot at, Place place) {
        try {
            return Optional.of(written(at, place));
        } catch (GitOpsException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<String, Version> changed(Map<String, Version> share, Map<String, Version> old) {
        Map<String, Version> changed = new TreeMap<>(share);
        changed.keySet().removeIf(name -> share.get(name).equals(old.get(name)));
        return changed;
    }

    private static void requireUse(
            Snapshot tip,
            Map<String, String> repositories,
            ManifestFile file,
            byte[] content,
            Map<String, Version> share) {
        Version.images(share)
                .forEach((name, reference) -> KustomizationBases.requireUse(
                        file.path(), content, repositories.getOrDefault(name, reference.repository()), tip::file));
    }

    /**
     * The part of a release that a file takes. A kustomization takes any image, so it is given those it holds; the first
     * one is also given those that no file of the place holds or is said to hold.
     */
    private Map<String, Version> share(
            Map<String, Version> release, ManifestFile file, byte[] content, Place place, Set<String> held) {
        if (!(file instanceof ManifestFile.Kustomization)) {
            return release;
        }
        Place released = released(place, release.keySet());
        Set<String> here = editor.images(file, content, repositories(released, file, content))
                .keySet();
        Map<String, Version> share = new TreeMap<>(release);
        share.keySet()
                .removeIf(image -> !here.contains(image)
                        && (!(release.get(image) instanceof ImageReference)
                                || held.contains(image)
                                || isNamed(image, place)
                                || !isFirstKustomization(file, place)));
        return share;
    }

    /** The place with the images of the release alone: what else it holds need not be readable. */
    private static Place released(Place place, Set<String> images) {
        Map<String, String> repositories = new TreeMap<>(place.repositories());
        repositories.keySet().retainAll(images);
        Map<String, String> own = new TreeMap<>(place.own());
        own.keySet().retainAll(images);
        return new Place(
                place.name(),
                place.files().stream().map(file -> file.only(images)).toList(),
                repositories,
                own,
                images.contains(Carries.NAME) ? place.carried() : null);
    }

    private static boolean isNamed(String image, Place place) {
        return place.files().stream().anyMatch(file -> file.names().contains(image));
    }

    private static boolean isFirstKustomization(ManifestFile file, Place place) {
        return place.files().stream()
                .filter(ManifestFile.Kustomization.class::isInstance)
                .findFirst()
                .filter(file::equals)
                .isPresent();
    }

    private static byte[] content(Snapshot snapshot, Place place, ManifestFile file) {
        return snapshot.file(file.path())
                .orElseThrow(() -> new RefusedException("The file " + file.path()
                        + (isNamedByPath(place) ? "" : " of " + place.name())
                        + " is not in the config repository at commit " + CommitInfo.abbreviate(snapshot.commit())
                        + ": add the file, or correct its path."));
    }

    private void requireFound(Snapshot tip, Place place, String image, Map<String, Version> found) {
        if (!found.containsKey(image)) {
            String repository = place.here().get(image);
            if (repository == null) {
                throw new RefusedException("'" + image + "' has no place in " + place.name()
                        + ": add it under 'fields' in gitops.yaml, or leave it out of the bump.");
            }
            for (ManifestFile file : place.files()) {
                Optional<String> elsewhere =
                        tip.file(file.path()).flatMap(content -> editor.elsewhere(file, content, repository));
                if (elsewhere.isPresent()) {
                    throw new RefusedException("The image '" + image + "' (" + repository
                            + ") is under no key 'image' of " + file.path() + ", but at " + elsewhere.get()
                            + ": declare the file under 'values' with that path.");
                }
            }
            throw new RefusedException("The image '" + image + "' (" + repository + ") "
                    + (isNamedByPath(place)
                            ? "is not in " + paths(place)
                            : "is in no file of " + place.name() + " (" + paths(place) + ")")
                    + ": add it there, or leave it out of the bump.");
        }
    }

    /** Files that a step named, without a declaration, have no other name. */
    private static boolean isNamedByPath(Place place) {
        return place.name().equals(paths(place));
    }

    private static String paths(Place place) {
        return place.files().stream().map(ManifestFile::path).collect(Collectors.joining(", "));
    }
}
