package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads and writes the image references of every kind of {@link ManifestFile} that the declaration knows; pure, safe for
 * any thread.
 *
 * <p>What is written is read back: {@code images(write(release))} gives the release, but for a digest where the file holds
 * only a tag. Writing twice is writing once.
 */
public class ManifestFiles {

    /** How many files are remembered as they were parsed: those of one edit, before and after. */
    private static final int RECENT = 16;

    private final Deque<Map.Entry<WeakReference<byte[]>, WeakReference<YamlFile>>> recent = new ArrayDeque<>();

    /** A content that was just read, or written, is not parsed again; contents are never changed. */
    private YamlFile parse(String path, byte[] content) {
        synchronized (recent) {
            for (Map.Entry<WeakReference<byte[]>, WeakReference<YamlFile>> one : recent) {
                YamlFile file = one.getValue().get();
                if (one.getKey().refersTo(content)
                        && file != null
                        && file.path().equals(path)) {
                    return file;
                }
            }
        }
        return remember(content, YamlFile.parse(path, content));
    }

    private YamlFile remember(byte[] content, YamlFile file) {
        synchronized (recent) {
            if (recent.size() == RECENT) {
                recent.removeLast();
            }
            recent.addFirst(Map.entry(new WeakReference<>(content), new WeakReference<>(file)));
        }
        return file;
    }

    /**
     * The image references the file holds.
     *
     * <p>The repository is the one in the file, which may be a mirror of the declared one (kustomize's {@code newName}, a
     * registry of a values file).
     *
     * @param repositories image name in the declaration to its repository, for example {@code api → ghcr.io/acme/api}
     * @return by image name; an image that the file does not mention is absent
     * @throws EditRefusedException if the file cannot be read, or says two
     *     different things of one image
     */
    public Map<String, Version> images(ManifestFile file, byte[] content, Map<String, String> repositories) {
        Map<String, Version> images = new TreeMap<>();
        SealedFile.requireText(file.path(), content);
        if (file.isVersion()) {
            ManifestFile.VersionFile version = (ManifestFile.VersionFile) file;
            Optional.ofNullable(repositories.get(version.image()))
                    .flatMap(repository -> new VersionText(file.path(), content).read(repository))
                    .ifPresent(reference -> images.put(version.image(), reference));
            return images;
        }
        if (file.isProperties()) {
            PropertiesText lines = new PropertiesText((ManifestFile.Fields) file, content, repositories);
            names(file, repositories).forEach(name -> lines.read(name).ifPresent(found -> images.put(name, found)));
            return images;
        }
        ImagePlaces places = places(file, parse(file.path(), content), repositories);
        names(file, repositories).forEach(name -> places.read(name).ifPresent(found -> images.put(name, found)));
        return images;
    }

    private static ImagePlaces places(ManifestFile file, YamlFile yaml, Map<String, String> repositories) {
        if (file instanceof ManifestFile.Kustomization) {
            return withVersions(new KustomizeImages(yaml, repositories), file);
        }
        if (file instanceof ManifestFile.HelmValues helm) {
            return new HelmImages(yaml, helm, repositories);
        }
        return file instanceof ManifestFile.Fields fields
                ? new FieldPlaces(yaml, fields, repositories)
                : withVersions(new ContainerImages(yaml, repositories), file);
    }

    private static ImagePlaces withVersions(ImagePlaces images, ManifestFile file) {
        return file.sources().isEmpty() ? images : VersionPlaces.beside(images, file.sources());
    }

    /** What a file may hold: what it is declared to, or else any image; each of them if it is asked for. */
    private static Set<String> names(ManifestFile file, Map<String, String> repositories) {
        if (file.names().isEmpty() && file.sources().isEmpty()) {
            return repositories.keySet();
        }
        Set<String> names = new TreeSet<>(file.names());
        if (names.isEmpty()) {
            names.addAll(repositories.keySet());
            names.addAll(file.sources().keySet());
        }
        names.removeIf(
                name -> !repositories.containsKey(name) && !file.sources().containsKey(name));
        return names;
    }

    /** The part of a release that a file may hold. */
    private static Map<String, Version> held(
            ManifestFile file, Map<String, String> repositories, Map<String, Version> release) {
        Map<String, Version> held = new TreeMap<>(release);
        if (file.names().isEmpty()) {
            held.entrySet()
                    .removeIf(entry -> !(entry.getValue() instanceof ImageReference)
                            && !file.sources().containsKey(entry.getKey()));
        } else {
            held.keySet().retainAll(names(file, repositories));
        }
        return held;
    }

    /**
     * The file with the images written in; every byte that does not belong to them stays.
     *
     * <p>An image that the file does not mention yet:
     *
     * <ul>
     *   <li>Kustomization: an entry is appended, so hand over only what belongs into this file;
     *   <li>HelmValues: refused with what is there instead, if the file's {@code images} names it; else left out;
     *   <li>KubernetesManifest: left out, since a container cannot be invented;
     *   <li>VersionFile: left out, unless it is the file's one image.
     * </ul>
     *
     * The caller checks that each image was found in at least one file.
     *
     * <p>A release that names the declared repository changes only tag and digest, so that a file's own mirror stays; one
     * that names another repository changes that too.
     *
     * @param release image name to new reference
     * @return the new content, equal to the given content when nothing changes
     * @throws EditRefusedException if the file cannot be edited without touching
     *     something else, or cannot hold the reference
     */
    public byte[] write(
            ManifestFile file, byte[] content, Map<String, String> repositories, Map<String, Version> release) {
        SealedFile.requireText(file.path(), content);
        if (file.isVersion()) {
            ManifestFile.VersionFile version = (ManifestFile.VersionFile) file;
            ImageReference reference = (ImageReference) release.get(version.image());
            return reference == null
                    ? content
                    : new VersionText(file.path(), content)
                            .write(repository(repositories, version.image(), reference), reference);
        }
        Map<String, Version> held = held(file, repositories, release);
        if (file.isProperties()) {
            return new PropertiesText((ManifestFile.Fields) file, content, repositories).write(held);
        }
        YamlFile before = parse(file.path(), content);
        YamlFile after = write(before, yaml -> places(file, yaml, repositories), held);
        if (after == before) {
            return content;
        }
        SealedFile.requireNoChecksum(before);
        byte[] edited = after.toBytes();
        remember(edited, after);
        return edited;
    }

    /**
     * All images at once, but for those that have no place yet or share one with others: these follow one by one, since
     * another image may make the place, or move what is shared to the same value. Then looks whether the file holds what
     * it should: an anchor may carry a change to an image that is not part of the release, or hold two images to one
     * value.
     */
    private static YamlFile write(
            YamlFile before, Function<YamlFile, ImagePlaces> places, Map<String, Version> release) {
        YamlEdit together = new YamlEdit(before);
        ImagePlaces here = places.apply(before);
        List<String> later = new ArrayList<>();
        for (String image : new TreeMap<>(release).keySet()) {
            try {
                if (here.isNew(image)) {
                    later.add(image);
                } else {
                    YamlEdit alone = new YamlEdit(before);
                    here.write(image, release, alone);
                    together.addAll(alone);
                }
            } catch (EditRefusedException e) {
                if (!e.isShared()) {
                    throw e;
                }
                later.add(image);
            }
        }
        YamlFile after = together.apply();
        for (String image : later) {
            YamlEdit alone = new YamlEdit(after);
            places.apply(after).write(image, release, alone);
            after = alone.apply();
        }
        if (release.size() > 1 || before.hasAliases()) {
            requireRelease(places.apply(after), release);
            requireOthersUnchanged(here, places.apply(after), release.keySet());
        }
        return after;
    }

    private static void requireRelease(ImagePlaces after, Map<String, Version> release) {
        release.forEach((image, wanted) -> {
            Optional<? extends Version> is = after.read(image);
            if (is.isPresent() && !isSame(is.get(), wanted)) {
                throw after.file()
                        .refuse(image + " would become " + is.get() + ", since it shares its value with another image"
                                + " of the release; write the values out, or release both alike");
            }
        });
    }

    /** A file may hold a tag alone where the release has a digest, too. */
    private static boolean isSame(Version is, Version wanted) {
        return is instanceof ImageReference image && wanted instanceof ImageReference reference
                ? image.tagName().equals(reference.tagName())
                : is.equals(wanted);
    }

    private static void requireOthersUnchanged(ImagePlaces before, ImagePlaces after, Set<String> released) {
        List<ImagePlaces.OtherImage> old = before.otherImages(released);
        List<ImagePlaces.OtherImage> now = after.otherImages(released);
        for (int i = 0; i < old.size(); i++) {
            if (i >= now.size() || !old.get(i).text().equals(now.get(i).text())) {
                throw before.file()
                        .refuse(
                                old.get(i).at(),
                                "this image (" + Shortened.name(old.get(i).text())
                                        + ") shares its value through an anchor and would change too; write its value"
                                        + " out, or release both");
            }
        }
    }

    /**
     * Where a file has a reference of the repository that {@link #write} does not change, for a message: a path and its
     * line.
     */
    public Optional<String> elsewhere(ManifestFile file, byte[] content, String repository) {
        return file instanceof ManifestFile.KubernetesManifest
                ? new ContainerImages(YamlFile.parse(file.path(), content), Map.of()).elsewhere(repository)
                : Optional.empty();
    }

    private static String repository(Map<String, String> repositories, String name, ImageReference reference) {
        return repositories.getOrDefault(name, reference.repository());
    }
}
