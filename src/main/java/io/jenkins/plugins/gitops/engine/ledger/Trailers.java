package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a commit in the config repository says about itself, as Git trailers ({@code git interpret-trailers}). They are
 * the ledger's only source, so their names and forms are part of the public contract: docs/ledger.md lists them. A value;
 * looking a key up costs the same for a commit of any length.
 */
public final class Trailers {

    /** Nothing said yet. */
    public static final Trailers NONE = new Trailers(List.of());

    /** The application's name; once. */
    public static final String APPLICATION = Trailer.APPLICATION;

    /** An environment's name; once for each environment the commit changes. */
    public static final String ENVIRONMENT = Trailer.ENVIRONMENT;

    /** {@code name=registry/repository:tag@digest}; once for each image. */
    public static final String IMAGE = Trailer.IMAGE;

    /** {@code name=version}; once for each chart, Git ref and value. */
    public static final String VERSION = "GitOps-Version";

    /** {@code environment@commit}: where a promotion found the release, live and healthy. */
    public static final String RELEASE_FROM = "GitOps-Release-From";

    /** The commit of the application's own repository that the images were built from. */
    public static final String SOURCE_COMMIT = "GitOps-Source-Commit";

    /** Who wrote the change in the application's own repository; once for each author. */
    public static final String CHANGE_AUTHOR = "GitOps-Change-Author";

    /** A clause: why somebody may have written the change whom no {@link #CHANGE_AUTHOR} names. */
    public static final String AUTHORS_UNKNOWN = "GitOps-Change-Authors-Unknown";

    /** Address of the run that made the commit. */
    public static final String RUN = "GitOps-Run";

    /** A user who started the run, or one before it that started this one; once for each. */
    public static final String STARTED_BY = "GitOps-Started-By";

    /** {@code user (group)}; once for each approval that counted. */
    public static final String APPROVED_BY = "GitOps-Approved-By";

    /** {@code user: reason [skipped checks]}: the gate was overridden. */
    public static final String OVERRIDE = "GitOps-Override";

    /** Why a release went through the gate's hotfix part, or into an environment without a gate as a hotfix. */
    public static final String HOTFIX = "GitOps-Hotfix";

    /** ISO 8601 instant until which somebody else must confirm the hotfix. */
    public static final String REVIEW_UNTIL = "GitOps-Review-Until";

    /** The commit whose deployment this commit takes back; marks the commit as a rollback. */
    public static final String ROLLS_BACK = "GitOps-Rolls-Back";

    /** The earlier commit whose release a rollback restores. */
    public static final String ROLLBACK_TO = "GitOps-Rollback-To";

    /** Why somebody rolled back. */
    public static final String REASON = "GitOps-Reason";

    /** {@code none} where a rollback does not hold what it took back. */
    public static final String HOLD = "GitOps-Hold";

    /** ISO 8601 instant at which somebody decided to roll back. */
    public static final String DECIDED_AT = "GitOps-Decided-At";

    /** ISO 8601 instant at which the gate that let it pass was opened. */
    public static final String GATE_OPENED = "GitOps-Gate-Opened";

    /** ISO 8601 duration that a rollback may take from the decision until it is healthy, as it was then. */
    public static final String OBJECTIVE = "GitOps-Objective";

    /** Address of the pull request that brought the commit; of the note, like the two that follow. */
    public static final String PULL_REQUEST = "GitOps-Pull-Request";

    /** Who merged it, by the login there. */
    public static final String MERGED_BY = "GitOps-Merged-By";

    /** Who approved it there, by the login; once for each reviewer. */
    public static final String REVIEWED_BY = "GitOps-Reviewed-By";

    /** Of each key of a commit so many are read; what a person or a program wrote beyond that is left out. */
    public static final int MOST_VALUES = 1_000;

    private static final Set<String> HARMLESS = Stream.of(
                    APPLICATION, ENVIRONMENT, IMAGE, VERSION, SOURCE_COMMIT, CHANGE_AUTHOR, AUTHORS_UNKNOWN)
            .map(Trailers::key)
            .collect(Collectors.toUnmodifiableSet());

    private final List<Trailer> list;
    private final Map<String, List<String>> byKey = new HashMap<>();

    /** @param list in order; a key may come several times */
    public Trailers(List<Trailer> list) {
        this.list = List.copyOf(list);
        for (Trailer trailer : this.list) {
            List<String> values = byKey.computeIfAbsent(key(trailer.key()), first -> new ArrayList<>(1));
            if (values.size() < MOST_VALUES) {
                values.add(trailer.value());
            }
        }
    }

    /** Keys compare without case, as Git compares them. */
    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Those alone that say what a commit changed, and who wrote it: nobody gains by lying about that. */
    Trailers withoutAuthority() {
        return new Trailers(list.stream()
                .filter(trailer -> HARMLESS.contains(key(trailer.key())))
                .toList());
    }

    /** In order. */
    public List<Trailer> list() {
        return list;
    }

    /** This and one more; line ends and other control characters in the value become spaces. */
    public Trailers with(String key, String value) {
        return withAll(key, List.of(value));
    }

    private static String line(String value) {
        return value.replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029\\u0085]+", " ").strip();
    }

    /** This and one more for each value. */
    public Trailers withAll(String key, Collection<String> values) {
        List<Trailer> longer = new ArrayList<>(list);
        values.forEach(value -> longer.add(new Trailer(key, line(value))));
        return new Trailers(longer);
    }

    /** This and those. */
    public Trailers withAll(Trailers more) {
        return new Trailers(Stream.concat(list.stream(), more.list.stream()).toList());
    }

    /** This and one more, if there is a value. */
    public Trailers with(String key, Optional<String> value) {
        return value.map(present -> with(key, present)).orElse(this);
    }

    /** This and an {@link #IMAGE} for each image and a {@link #VERSION} for each other version, by name. */
    public Trailers withRelease(Map<String, Version> release) {
        List<Trailer> longer = new ArrayList<>(list);
        new TreeMap<>(release)
                .forEach((name, version) -> longer.add(
                        new Trailer(version instanceof ImageReference ? IMAGE : VERSION, line(name + "=" + version))));
        return new Trailers(longer);
    }

    /** Values of a key in order, at most {@value #MOST_VALUES}; keys compare without case, as Git compares them. */
    public List<String> values(String key) {
        return Collections.unmodifiableList(byKey.getOrDefault(key(key), List.of()));
    }

    public Optional<String> value(String key) {
        return values(key).stream().findFirst();
    }

    /** Whether the commit is a deployment of this application into this environment. */
    public boolean concern(String application, String environment) {
        return values(APPLICATION).contains(application) && values(ENVIRONMENT).contains(environment);
    }

    /** Images and versions by name; what a person wrote by hand and is no image reference is left out. */
    public Map<String, Version> release() {
        return release(ImageReference::parse);
    }

    /**
     * The same.
     *
     * @param parse as {@link ImageReference#parse(String)} does
     */
    Map<String, Version> release(Function<String, ImageReference> parse) {
        Map<String, Version> release = new TreeMap<>();
        for (String value : values(IMAGE)) {
            int equals = value.indexOf('=');
            if (equals > 0) {
                try {
                    release.put(value.substring(0, equals), parse.apply(value.substring(equals + 1)));
                } catch (InvalidImageException handWritten) {
                    // What is not an image reference was not written by this plugin.
                }
            }
        }
        for (String value : values(VERSION)) {
            int equals = value.indexOf('=');
            if (equals > 0) {
                release.put(value.substring(0, equals), new NamedVersion(value.substring(equals + 1)));
            }
        }
        return Collections.unmodifiableMap(release);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trailers that && list.equals(that.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
