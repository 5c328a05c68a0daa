package io.jenkins.plugins.gitops.playground.world;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a target's images from the files of the config repository. */
public final class ConfigFiles {

    private static final ManifestFiles MANIFESTS = new ManifestFiles();

    private ConfigFiles() {}

    /** @param text gives a file's text, if it is there */
    @NonNull
    public static Map<String, Version> images(
            @NonNull Target target, @NonNull Function<String, Optional<String>> text) {
        Application application = target.application();
        Environment environment = target.environment();
        Map<String, Version> images = new TreeMap<>();
        environment
                .files()
                .forEach(file -> text.apply(file.path())
                        .ifPresent(content -> images.putAll(MANIFESTS.images(
                                file, content.getBytes(StandardCharsets.UTF_8), application.images()))));
        return images;
    }
}
