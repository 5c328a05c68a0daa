package io.jenkins.plugins.gitops.playground.replay;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseEdit;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.playground.replay.Replayed.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes the version changes of one file that a commit modified, with the editor, and compares the file with what the person
 * wrote.
 */
final class FileReplay {

    private static final String INSIDE_TEXT = "inside a text";

    private final String path;
    private final byte[] before;
    private final byte[] after;
    private final Function<String, Optional<byte[]>> others;
    private final String where;
    private final Replayed replayed;
    private final ManifestFiles files = new ManifestFiles();
    private byte[] current;

    /**
     * One file of a commit.
     *
     * @param others content of another file before the commit
     * @param where for the list of examples
     */
    FileReplay(
            String path,
            byte[] before,
            byte[] after,
            Function<String, Optional<byte[]>> others,
            String where,
            Replayed replayed) {
        this.path = path;
        this.before = before;
        this.after = after;
        this.others = others;
        this.where = where;
        this.replayed = replayed;
        this.current = before;
    }

    /** What was made, to be counted when the whole file is there. */
    private record Made(String kind, boolean byKind, int values, Set<Integer> lines) {}

    private record Attempt(Optional<byte[]> edited, String reason, boolean isThere) {
        static Attempt failed(String reason, boolean isThere) {
            return new Attempt(Optional.empty(), reason, isThere);
        }
    }

    void run() {
        YamlFile old;
        YamlFile now;
        try {
            old = YamlFile.parse(path, before);
            now = YamlFile.parse(path, after);
        } catch (EditRefusedException unreadable) {
            if (ChangedValue.isSameButForVersions(text(before), text(after))) {
                replayed.add("file that is no YAML", Outcome.WITHOUT_PLACE, false, unreadable.getMessage(), where);
            }
            return;
        }
        Map<Candidate, List<ChangedValue>> byKind = new LinkedHashMap<>();
        List<ChangedValue> alone = new ArrayList<>();
        for (ChangedValue change : ChangedValue.between(old, now)) {
            if (change.isVersion()) {
                Candidate first = Candidate.of(path, old, change).get(0);
                if (first.isByKind() && !first.kind().equals(INSIDE_TEXT)) {
                    byKind.computeIfAbsent(first, one -> new ArrayList<>()).add(change);
                } else {
                    alone.add(change);
                }
            }
        }
        List<Made> made = new ArrayList<>();
        byKind.forEach((candidate, changes) -> {
            Attempt attempt = attempt(candidate, changes);
            if (attempt.edited().isPresent()) {
                current = attempt.edited().get();
                made.add(new Made(candidate.kind(), true, changes.size(), lines(changes)));
            } else {
                changes.forEach(change -> {
                    List<Candidate> all = Candidate.of(path, old, change);
                    alone(all.size() > 1 ? all.subList(1, all.size()) : all, change, attempt, made);
                });
            }
        });
        for (ChangedValue change : alone) {
            List<ChangedValue.Inside> inside =
                    change.before().value().strip().indexOf('\n') < 0 ? List.of() : change.inside();
            inside.forEach(
                    inner -> alone(Candidate.inside(path, inner), inner.value(), Attempt.failed("", false), made));
            if (inside.isEmpty()) {
                alone(Candidate.of(path, old, change), change, Attempt.failed("", false), made);
            }
        }
        judge(made);
    }

    /** The candidates of one value, one after the other. */
    private void alone(List<Candidate> candidates, ChangedValue change, Attempt before, List<Made> made) {
        Attempt last = before;
        for (Candidate candidate : candidates) {
            Attempt attempt = attempt(candidate, List.of(change));
            if (attempt.edited().isPresent()) {
                current = attempt.edited().get();
                made.add(new Made(candidate.kind(), candidate.isByKind(), 1, lines(List.of(change))));
                return;
            }
            last = attempt.isThere() || !last.isThere() ? attempt : last;
        }
        String kind = candidates.get(candidates.size() - 1).kind();
        boolean different = last.reason().startsWith("writes ");
        replayed.add(
                kind,
                kind.equals(INSIDE_TEXT) || !last.isThere()
                        ? Outcome.WITHOUT_PLACE
                        : different ? Outcome.DIFFERENT : Outcome.REFUSED,
                false,
                last.reason() + " [" + change.key() + "]",
                where + " " + change.path() + ": " + shown(change.before().value()) + " → "
                        + shown(change.after().value()));
    }

    private static String shown(String value) {
        String line = value.strip().replace('\n', ' ');
        return line.length() > 100 ? line.substring(0, 100) + "…" : line;
    }

    private Attempt attempt(Candidate candidate, List<ChangedValue> changes) {
        ManifestFile file = candidate.file();
        try {
            Version old = files.images(file, before, candidate.repositories()).get(Candidate.NAME);
            Version wanted = wanted(candidate, changes.get(0));
            if (wanted == null) {
                return Attempt.failed("is not found", old != null);
            }
            wanted.requireImmutable();
            ReleaseEdit.Place place = new ReleaseEdit.Place(path, List.of(file), candidate.repositories());
            Snapshot snapshot =
                    new Snapshot("0".repeat(40), name -> name.equals(path) ? Optional.of(current) : others.apply(name));
            byte[] edited = new ReleaseEdit(files)
                    .apply(snapshot, List.of(place), Map.of(Candidate.NAME, wanted))
                    .contents()
                    .getOrDefault(path, current);
            return wrong(candidate, edited, changes)
                    .map(reason -> Attempt.failed(reason, true))
                    .orElseGet(() -> new Attempt(Optional.of(edited), "", true));
        } catch (InvalidImageException | EditRefusedException refused) {
            return Attempt.failed(refused.getMessage(), true);
        } catch (GitOpsException refused) {
            return Attempt.failed(refused.getMessage(), !refused.getMessage().contains("add it "));
        }
    }

    /** What the person released, as the file says it; a chart or ref as a step would be given it. */
    private Version wanted(Candidate candidate, ChangedValue change) {
        Version read =
                files.images(candidate.file(), after, candidate.repositories()).get(Candidate.NAME);
        if (read == null && candidate.file().sources().containsKey(Candidate.NAME)) {
            String value = change.after().value().strip();
            return candidate.file().sources().get(Candidate.NAME).version(value);
        }
        return read instanceof ImageReference image && candidate.repository().indexOf('/') >= 0
                ? image.withRepository(candidate.repository())
                : read;
    }

    /** Why an edit is not the meant one: another value, or another line. */
    private Optional<String> wrong(Candidate candidate, byte[] edited, List<ChangedValue> changes) {
        List<String> old = lines(current);
        List<String> now = lines(edited);
        if (old.size() != now.size()) {
            return Optional.of("writes another number of lines");
        }
        Set<Integer> allowed = lines(changes);
        for (int i = 0; i < old.size(); i++) {
            if (!old.get(i).equals(now.get(i)) && !allowed.contains(i + 1)) {
                return Optional.of("writes another line, too");
            }
        }
        YamlFile file = YamlFile.parse(path, edited);
        for (ChangedValue change : changes) {
            Optional<String> is = file.find(file.documents().get(change.document()), change.path())
                    .flatMap(LocatedNode::text);
            String wanted = change.after().value().strip();
            boolean inside = is.isEmpty() && candidateReads(candidate, edited);
            if (!inside && !is.orElse("").equals(wanted)) {
                return Optional.of("writes another value: " + shown(is.orElse("")) + " and not " + shown(wanted));
            }
        }
        return Optional.empty();
    }

    /** Of a value inside a text: the editor reads there what the person wrote. */
    private boolean candidateReads(Candidate candidate, byte[] edited) {
        return files.images(candidate.file(), edited, candidate.repositories())
                .equals(files.images(candidate.file(), after, candidate.repositories()));
    }

    private void judge(List<Made> made) {
        boolean equal = Arrays.equals(current, after);
        List<String> is = lines(current);
        List<String> wanted = lines(after);
        for (Made one : made) {
            boolean same = is.size() == wanted.size()
                    && one.lines().stream().allMatch(line -> is.get(line - 1).equals(wanted.get(line - 1)));
            String reason = equal
                    ? ""
                    : is.size() != wanted.size() || same
                            ? "the commit changed something else in the file, too"
                            : "the commit changed quotes, a comment or something else on the line, too";
            for (int i = 0; i < one.values(); i++) {
                replayed.add(one.kind(), equal ? Outcome.EQUAL : Outcome.EXPLAINED, one.byKind(), reason, where);
            }
        }
    }

    private static Set<Integer> lines(List<ChangedValue> changes) {
        Set<Integer> lines = new TreeSet<>();
        for (ChangedValue change : changes) {
            for (int line = change.first(); line <= change.last(); line++) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<String> lines(byte[] content) {
        return Arrays.asList(text(content).split("\n", -1));
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
