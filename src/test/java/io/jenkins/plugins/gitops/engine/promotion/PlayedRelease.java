package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What moves together in one play. A release of shop reads {@code 1.4.0} where that is its image alone; {@code
 * 1.4.0/19.2.0/v3/1} where it is an image, a chart, a Git ref and one of several carried configurations.
 */
enum PlayedRelease {
    IMAGE,
    FILES,
    FILES_AND_VALUES;

    static final int CONFIGURATIONS = 4;

    private static final List<String> NAMES = List.of("api", "redis", "platform");
    private static final Map<PlayedRelease, Map<Version, String>> DIGESTS = new ConcurrentHashMap<>();

    /** Reading YAML takes as long as all else, so that only few have values. */
    static PlayedRelease draw(SplittableRandom random) {
        int drawn = random.nextInt(40);
        return drawn < 26 ? IMAGE : drawn < 39 ? FILES : FILES_AND_VALUES;
    }

    String first() {
        return this == IMAGE ? "1.0.0" : "1.0.0/19.0.0/v0/0";
    }

    /** What {@code gitops.yaml} says of the application. */
    String declaration() {
        String image = "    images: { api: ghcr.io/acme/shop-api }\n";
        String versions = "    versions: { redis: { chart: https://charts.acme.example/redis },"
                + " platform: { git: https://github.com/acme/platform } }\n";
        return switch (this) {
            case IMAGE -> image;
            case FILES -> image + versions + "    carries: { files: [a/**] }\n";
            case FILES_AND_VALUES ->
                image + versions + "    carries: { files: [a/**], values: [features] }\n"
                        + "    keeps: [features.host]\n";
        };
    }

    /** Likewise of one of its environments. */
    String declaration(String environment) {
        return "        manifests: " + manifest(environment) + "\n"
                + (this == FILES_AND_VALUES
                        ? "        values: { file: envs/" + environment + "/values.yaml, images: { api: api } }\n"
                        : "");
    }

    private static String manifest(String environment) {
        return "envs/" + environment + "/manifest";
    }

    /** The files of an environment with a release. */
    Map<String, String> files(String environment, String release) {
        String[] parts = release.split("/");
        String image = "ghcr.io/acme/shop-api:" + parts[0];
        if (this == IMAGE) {
            return Map.of(manifest(environment), image + "\n");
        }
        String others = "redis " + parts[1] + "\nplatform " + parts[2] + "\n";
        Map<String, String> files = new HashMap<>(Map.of(
                manifest(environment),
                this == FILES ? image + "\n" + others : others,
                "envs/" + environment + "/a/file",
                parts[3]));
        if (this == FILES_AND_VALUES) {
            files.put(
                    "envs/" + environment + "/values.yaml",
                    "api: " + image + "\nfeatures:\n  host: " + environment + " # of its own\n  level: " + parts[3]
                            + "\n");
        }
        return files;
    }

    /** What an environment runs once something is written into it. */
    String with(String running, Map<String, String> versions) {
        if (this == IMAGE) {
            return versions.getOrDefault("api", running);
        }
        List<String> parts = new ArrayList<>(List.of(running.split("/")));
        for (int i = 0; i < NAMES.size(); i++) {
            parts.set(i, versions.getOrDefault(NAMES.get(i), parts.get(i)));
        }
        parts.set(NAMES.size(), versions.getOrDefault(Carries.NAME, parts.get(NAMES.size())));
        return String.join("/", parts);
    }

    /** The same, of a release as the engine has it. */
    String written(String running, Map<String, Version> release) {
        Map<String, String> versions = new HashMap<>();
        release.forEach((name, version) ->
                versions.put(name, name.equals(Carries.NAME) ? configurations().get(version) : version.shortText()));
        return with(running, versions);
    }

    /** Versions of some of what moves, so many of each; at least one. */
    Map<String, String> some(SplittableRandom random, String image, int versions) {
        Map<String, String> some = new TreeMap<>(Map.of("api", image));
        if (this != IMAGE) {
            if (random.nextBoolean()) {
                some.put("redis", "19." + random.nextInt(versions + 1) + ".0");
            }
            if (random.nextBoolean()) {
                some.put("platform", "v" + random.nextInt(versions + 1));
            }
            if (some.size() > 1 && random.nextInt(4) == 0) {
                some.remove("api");
            }
        }
        return some;
    }

    /** How somebody may name a release: by its image, its chart or both. */
    static Map<String, String> named(SplittableRandom random, String release) {
        String[] parts = release.split("/");
        Map<String, String> named = new TreeMap<>(Map.of("api", parts[0]));
        if (parts.length > 1 && random.nextBoolean()) {
            named.put("redis", parts[1]);
            if (random.nextBoolean()) {
                named.remove("api");
            }
        }
        return named;
    }

    /** By its digest, each configuration that may be carried. */
    private Map<Version, String> configurations() {
        return DIGESTS.computeIfAbsent(this, PlayedRelease::digests);
    }

    private Map<Version, String> digests() {
        Map<Version, String> digests = new HashMap<>();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            MemoryRepository repository = new MemoryRepository(() -> Instant.EPOCH);
            String configuration = String.valueOf(i);
            Map<String, String> files = new HashMap<>(files("dev", with(first(), Map.of(Carries.NAME, configuration))));
            files.put(
                    "gitops.yaml",
                    "version: 1\napplications:\n  shop:\n" + declaration() + "    environments:\n      dev:\n"
                            + declaration("dev"));
            repository.push("main", "Begin", files);
            Snapshot tip = repository.tip("main", Progress.SILENT);
            digests.put(
                    new ReleaseEdit(new LineEditor())
                            .images(
                                    tip,
                                    Bump.place(Declarations.read(tip, "main").application("shop"), "dev"))
                            .get(Carries.NAME),
                    configuration);
        }
        return digests;
    }
}
