package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.KustomizationBases;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

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
     */
    public record Place(String name, List<ManifestFile> files, Map<String, String> repositories) {}

    /**
     * What an edit would do.
     *
     * @param contents path to new content, only of files that change
     */
    public record Outcome(Map<String, byte[]> contents, List<ImageChange> images, List<FileChange> files) {

        /** Whether the places say it all already. */
        public boolean isEmpty() {
            return contents.isEmpty();
        }
    }

    /**
     * The images that a place holds now; the first file that mentions an image decides.
     *
     * <p>A mirror that a place pulls from (kustomize's {@code newName}, a registry of a values file) belongs to that
     * place: the references carry the declared repository, so that one environment's mirror never travels to the next.
     *
     * @throws RefusedException if a file is missing
     */
    public Map<String, Version> images(Snapshot snapshot, Place place) {
        Map<String, Version> images = new TreeMap<>();
        for (ManifestFile file : place.files()) {
            editor.images(file, content(snapshot, place, file), place.repositories())
                    .forEach((name, found) -> images.putIfAbsent(
                            name,
                            found instanceof ImageReference image
                                    ? image.withRepository(place.repositories().get(name))
                                    : found));
        }
        return images;
    }

    /**
     * The edit of every place.
     *
     * @throws RefusedException if a file is missing or an image stands in none of a place's files
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if a file cannot be edited safely
     */
    public Outcome apply(Snapshot tip, List<Place> places, Map<String, Version> release) {
        Map<String, byte[]> before = new LinkedHashMap<>();
        Map<String, byte[]> after = new LinkedHashMap<>();
        List<ImageChange> images = new ArrayList<>();
        for (Place place : places) {
            Map<String, Version> old = images(tip, released(place, release.keySet()));
            Map<String, Version> found = new TreeMap<>();
            for (ManifestFile file : place.files()) {
                byte[] content = after.computeIfAbsent(file.path(), path -> content(tip, place, file));
                before.putIfAbsent(file.path(), content);
                Map<String, Version> share = share(release, file, content, place, old.keySet());
                byte[] edited = editor.write(file, content, place.repositories(), share);
                if (file instanceof ManifestFile.Kustomization && !Arrays.equals(edited, content)) {
                    requireUse(tip, place, file, content, changed(share, old));
                }
                after.put(file.path(), edited);
                editor.images(file, edited, released(place, release.keySet()).repositories())
                        .forEach(found::putIfAbsent);
            }
            release.forEach((name, reference) -> {
                requireFound(tip, place, name, found);
                images.add(new ImageChange(place.name(), name, old.get(name), reference));
            });
        }
        Map<String, byte[]> contents = new LinkedHashMap<>();
        List<FileChange> files = new ArrayList<>();
        after.forEach((path, content) -> {
            if (!Arrays.equals(content, before.get(path))) {
                contents.put(path, content);
                files.add(diff(path, before.get(path), content));
            }
        });
        return new Outcome(contents, List.copyOf(images), List.copyOf(files));
    }

    /** By line, as {@code git diff} compares. */
    static FileChange diff(String path, byte[] before, byte[] after) {
        RawText old = new RawText(before);
        RawText now = new RawText(after);
        List<FileChange.Line> lines = new ArrayList<>();
        for (Edit edit : new HistogramDiff().diff(RawTextComparator.DEFAULT, old, now)) {
            for (int i = edit.getBeginA(); i < edit.getEndA(); i++) {
                lines.add(new FileChange.Line(FileChange.Kind.REMOVED, i + 1, line(old, i)));
            }
            for (int i = edit.getBeginB(); i < edit.getEndB(); i++) {
                lines.add(new FileChange.Line(FileChange.Kind.ADDED, i + 1, line(now, i)));
            }
        }
        return new FileChange(path, lines);
    }

    /** JGit takes LF alone for the end of a line. */
    private static String line(RawText file, int line) {
        String text = file.getString(line);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static Map<String, Version> changed(Map<String, Version> share, Map<String, Version> old) {
        Map<String, Version> changed = new TreeMap<>(share);
        changed.keySet().removeIf(name -> share.get(name).equals(old.get(name)));
        return changed;
    }

    private static void requireUse(
            Snapshot tip, Place place, ManifestFile file, byte[] content, Map<String, Version> share) {
        Version.images(share)
                .forEach((name, reference) -> KustomizationBases.requireUse(
                        file.path(),
                        content,
                        place.repositories().getOrDefault(name, reference.repository()),
                        tip::file));
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
        Set<String> here = editor.images(
                        file, content, released(place, release.keySet()).repositories())
                .keySet();
        Map<String, Version> share = new TreeMap<>(release);
        share.keySet()
                .removeIf(image -> !here.contains(image)
                        && (held.contains(image) || isNamed(image, place) || !isFirstKustomization(file, place)));
        return share;
    }

    /** The place with the images of the release alone: what else it holds need not be readable. */
    private static Place released(Place place, Set<String> images) {
        Map<String, String> repositories = new TreeMap<>(place.repositories());
        repositories.keySet().retainAll(images);
        return new Place(place.name(), place.files(), repositories);
    }

    private static boolean isNamed(String image, Place place) {
        return place.files().stream()
                .anyMatch(file -> file instanceof ManifestFile.HelmValues values
                                && values.images().containsKey(image)
                        || file instanceof ManifestFile.VersionFile version
                                && version.image().equals(image));
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
            String repository = place.repositories().get(image);
            for (ManifestFile file : place.files()) {
                Optional<String> elsewhere =
                        tip.file(file.path()).flatMap(content -> editor.elsewhere(file, content, repository));
                if (elsewhere.isPresent()) {
                    throw new RefusedException("The image '" + image + "' (" + repository
                            + ") is under no key 'image' of " + file.path() + ", but at " + elsewhere.get()
                            + ": declare the file under 'values' with that path.");
                }
            }
            throw new RefusedException(
                    "The image '" + image + "' (" + place.repositories().get(image) + ") "
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
