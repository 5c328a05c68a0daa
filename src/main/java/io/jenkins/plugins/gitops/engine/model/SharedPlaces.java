package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Places that two targets have in common: a bump of one would deploy to the other, past its gate and its history. Files
 * may be shared as long as the images or paths in them differ.
 */
final class SharedPlaces {

    /** Of longer ones the paths above are not looked at. */
    private static final int LONGEST_PATH = 1_000;

    /** A target and the line that it is declared on. */
    private record Owner(String target, int line) {}

    /** @param slot what of the file: an image's repository, or a path in it */
    private record Slot(String branch, String file, String slot) {}

    private final BiConsumer<JsonPointer, String> report;
    private final Map<Slot, Owner> owners = new HashMap<>();

    /** Every path on the way to a path that is taken. */
    private final Map<Slot, Owner> above = new HashMap<>();

    SharedPlaces(BiConsumer<JsonPointer, String> report) {
        this.report = report;
    }

    /** @param at where the environment is declared */
    void add(Target target, int line, JsonPointer at) {
        Owner owner = new Owner(target.toString(), line);
        Map<String, String> images = target.application().images();
        String branch = target.environment().branch().orElse("");
        for (ManifestFile file : target.environment().files()) {
            if (file instanceof ManifestFile.HelmValues values) {
                values.images()
                        .forEach((image, path) -> path(
                                branch,
                                file.path(),
                                path,
                                images.getOrDefault(image, ""),
                                owner,
                                at.appendProperty("values")));
            } else if (file instanceof ManifestFile.VersionFile) {
                take(new Slot(branch, file.path(), "version"), owner, at.appendProperty("versions"));
            } else {
                String kind = file instanceof ManifestFile.Kustomization ? "kustomization" : "manifests";
                images.values()
                        .forEach(repository -> take(
                                new Slot(branch, file.path(), "image " + repository), owner, at.appendProperty(kind)));
            }
        }
    }

    private void path(String branch, String file, String path, String repository, Owner owner, JsonPointer at) {
        Slot slot = new Slot(branch, file, path);
        Optional<Owner> other = other(owners.get(new Slot(branch, file, "image " + repository)), owner)
                .or(() -> other(above.get(slot), owner));
        for (String up = path; other.isEmpty() && !up.isEmpty(); up = path.length() > LONGEST_PATH ? "" : parent(up)) {
            other = other(owners.get(new Slot(branch, file, up)), owner);
        }
        other.ifPresentOrElse(taken -> shared(slot, taken, owner, at), () -> owners.putIfAbsent(slot, owner));
        for (String up = parent(path); !up.isEmpty() && path.length() <= LONGEST_PATH; up = parent(up)) {
            above.putIfAbsent(new Slot(branch, file, up), owner);
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    private void take(Slot slot, Owner owner, JsonPointer at) {
        other(owners.putIfAbsent(slot, owner), owner).ifPresent(taken -> shared(slot, taken, owner, at));
    }

    private static Optional<Owner> other(Owner found, Owner owner) {
        return Optional.ofNullable(found).filter(taken -> !taken.equals(owner));
    }

    private void shared(Slot slot, Owner taken, Owner owner, JsonPointer at) {
        report.accept(
                at,
                "'" + slot.file() + "' holds the same image for " + owner.target() + " (line " + owner.line() + ") and "
                        + taken.target() + " (line " + taken.line()
                        + "), so that a bump of one would deploy to the other; give each its own file or branch");
    }
}
