package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.CarriedFile;
import io.jenkins.plugins.gitops.engine.manifest.CarriedValues;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.FileMode;

/**
 * What moves with the images of one environment: values of its values files, and files of its folder. In a release it is
 * one version, a digest, so that whatever compares releases compares this, too.
 *
 * @param folder of the environment, empty for the root
 * @param values paths of its Helm values files; the first of one environment goes with the first of another
 */
record Carried(Carries what, String folder, List<String> values) {

    private static final int MOST_FILES = 5_000;

    /** Of the files that one promotion changes. */
    private static final int MOST_BYTES = 16 << 20;

    static Carried of(Carries what, Environment environment) {
        return new Carried(
                what,
                what.scope() == Carries.Scope.BRANCH ? "" : environment.folder().orElse(""),
                environment.files().stream()
                        .filter(ManifestFile.HelmValues.class::isInstance)
                        .map(ManifestFile::path)
                        .distinct()
                        .toList());
    }

    /** Files and folders of which a change may be one of what is carried. */
    List<String> paths() {
        return what.files().stream()
                .map(glob -> Carries.begin(glob).isEmpty() || glob.toString().contains("*")
                        ? Carries.begin(glob).replaceFirst("/$", "")
                        : glob.toString())
                .map(name -> name.isEmpty() ? folder : path(name))
                .distinct()
                .toList();
    }

    /** SHA-256 of the carried values, and of each carried file its path, its mode and its Git id: no file is read for it. */
    Version digest(Snapshot at) {
        MessageDigest sha = sha256();
        if (!what.values().isEmpty()) {
            CarriedValues carried = new CarriedValues(what);
            for (String path : values) {
                add(sha, carried.says(path, content(at, path)));
            }
        }
        files(at).forEach((path, entry) -> add(sha, path + " " + entry.mode() + " " + entry.id()));
        return new NamedVersion("sha256:" + HexFormat.of().formatHex(sha.digest()));
    }

    private static void add(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Adds the edits that give a place what another carries.
     *
     * @param wanted digest of that
     * @param before path to content before the edits
     * @param after likewise, after them
     * @param modes of files that come, go or change theirs
     */
    static void move(
            ReleaseEdit.Place place,
            Snapshot tip,
            Version wanted,
            @CheckForNull ReleaseEdit.Origin origin,
            Map<String, byte[]> before,
            Map<String, byte[]> after,
            Map<String, Integer> modes) {
        Carried here = place.carried();
        Carried declared = origin == null ? null : origin.place().carried();
        if (here == null || declared == null) {
            throw changed(place);
        }
        Carried there = new Carried(here.what, declared.folder, declared.values);
        if (!there.digest(origin.snapshot()).equals(wanted)) {
            throw changed(place);
        }
        here.moveValues(place, tip, there, origin, before, after);
        here.moveFiles(place, tip, there, origin, before, after, modes);
    }

    private static RefusedException changed(ReleaseEdit.Place place) {
        return new RefusedException("What gitops.yaml declares under 'carries' has changed since the release for "
                + place.name() + " was chosen: ask for it again.");
    }

    private void moveValues(
            ReleaseEdit.Place place,
            Snapshot tip,
            Carried there,
            ReleaseEdit.Origin origin,
            Map<String, byte[]> before,
            Map<String, byte[]> after) {
        if (what.values().isEmpty()) {
            return;
        }
        if (values.size() != there.values.size()) {
            throw new RefusedException(place.name() + " has " + values.size() + " values files and "
                    + origin.place().name() + " had " + there.values.size() + " at commit "
                    + CommitInfo.abbreviate(origin.snapshot().commit())
                    + ", so that it is not clear which goes with which: declare as many in both.");
        }
        CarriedValues carried = new CarriedValues(what);
        for (int i = 0; i < values.size(); i++) {
            String path = values.get(i);
            String from = there.values.get(i);
            byte[] content = after.computeIfAbsent(path, file -> content(tip, file));
            before.putIfAbsent(path, content);
            after.put(path, carried.write(path, content, from, content(origin.snapshot(), from)));
        }
    }

    private void moveFiles(
            ReleaseEdit.Place place,
            Snapshot tip,
            Carried there,
            ReleaseEdit.Origin origin,
            Map<String, byte[]> before,
            Map<String, byte[]> after,
            Map<String, Integer> modes) {
        Map<String, Snapshot.Entry> now = files(tip);
        Map<String, Snapshot.Entry> wanted = there.files(origin.snapshot());
        Set<String> all = new TreeSet<>(now.keySet());
        all.addAll(wanted.keySet());
        all.removeIf(name -> Objects.equals(wanted.get(name), now.get(name)));
        tip.bring(ids(now, all));
        origin.snapshot().bring(ids(wanted, all));
        int bytes = 0;
        for (String name : all) {
            Optional<Snapshot.Entry> to = Optional.ofNullable(wanted.get(name));
            Optional<Snapshot.Entry> is = Optional.ofNullable(now.get(name));
            String path = path(name);
            Optional<byte[]> old = is.map(entry -> content(tip, path));
            byte[] content = to.map(entry -> content(origin.snapshot(), there.path(name)))
                    .orElse(new byte[0]);
            if (to.isPresent()) {
                CarriedFile.require(there.path(name), content, path, old, place.name());
            }
            bytes += content.length;
            if (bytes > MOST_BYTES) {
                throw new RefusedException("The files that " + place.name() + " would be given from "
                        + origin.place().name() + " have more than " + (MOST_BYTES >> 20)
                        + " MiB: carry fewer, or smaller ones.");
            }
            before.put(path, old.orElse(new byte[0]));
            after.put(path, content);
            int mode = to.map(Snapshot.Entry::mode).orElse(CommitRequest.GONE);
            if (is.isEmpty() || is.get().mode() != mode) {
                modes.put(path, mode);
            }
        }
    }

    private static List<String> ids(Map<String, Snapshot.Entry> files, Set<String> names) {
        return names.stream()
                .filter(files::containsKey)
                .map(name -> files.get(name).id())
                .toList();
    }

    /** Whether a file of the repository is carried. */
    boolean holds(String path) {
        return folder.isEmpty()
                ? what.holds(path)
                : path.startsWith(folder + "/") && what.holds(path.substring(folder.length() + 1));
    }

    private String path(String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The carried files, by their path in the folder. */
    private Map<String, Snapshot.Entry> files(Snapshot at) {
        if (what.files().isEmpty()) {
            return Map.of();
        }
        Map<String, Snapshot.Entry> files = new TreeMap<>();
        at.list(folder, what::mayHoldIn).forEach((name, entry) -> {
            boolean isFile =
                    FileMode.REGULAR_FILE.equals(entry.mode()) || FileMode.EXECUTABLE_FILE.equals(entry.mode());
            if (!isFile && (what.holds(name) || what.mayHoldIn(name))) {
                throw new RefusedException("'" + path(name) + "' is a "
                        + (FileMode.SYMLINK.equals(entry.mode()) ? "symbolic link" : "submodule")
                        + ", which no promotion carries: put the files themselves there, or leave it out of"
                        + " 'carries'.");
            }
            if (isFile && what.holds(name)) {
                files.put(name, entry);
            }
        });
        if (files.size() > MOST_FILES) {
            throw new RefusedException("'carries' matches " + files.size() + " files in "
                    + (folder.isEmpty() ? "the root" : "'" + folder + "'") + ", more than " + MOST_FILES
                    + ": name fewer under 'files'.");
        }
        return files;
    }

    private static byte[] content(Snapshot at, String path) {
        return at.file(path)
                .orElseThrow(() -> new RefusedException("The file " + path
                        + " is not in the config repository at commit " + CommitInfo.abbreviate(at.commit())
                        + ": add the file, or correct its path."));
    }
}
