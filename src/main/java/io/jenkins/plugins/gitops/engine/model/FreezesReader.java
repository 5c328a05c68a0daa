package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Reads the {@code freezes} of a declaration that satisfies the schema, and reports what the schema cannot say. */
final class FreezesReader {

    private final BiConsumer<JsonPointer, String> report;
    private final GateDefinitionReader windows;

    FreezesReader(BiConsumer<JsonPointer, String> report, GateDefinitionReader windows) {
        this.report = report;
        this.windows = windows;
    }

    /** @param applications what the same file declares: what a freeze names must be among it */
    @NonNull
    List<NamedFreeze> read(@NonNull JsonNode freezes, @NonNull Iterable<Application> applications) {
        Set<String> names = new TreeSet<>();
        Set<String> environments = new TreeSet<>();
        applications.forEach(application -> {
            names.add(application.name());
            environments.addAll(application.environments().keySet());
        });
        JsonPointer root = JsonPointer.empty().appendProperty("freezes");
        List<NamedFreeze> read = new ArrayList<>();
        freezes.properties().forEach(entry -> {
            JsonNode freeze = entry.getValue();
            JsonPointer at = root.appendProperty(entry.getKey());
            if (!freeze.has("allow") && !freeze.has("deny") && !freeze.has("calendar")) {
                report.accept(
                        at, "the freeze '" + entry.getKey() + "' freezes nothing; add 'deny', 'allow' or 'calendar'");
            }
            read.add(new NamedFreeze(
                    entry.getKey(),
                    patterns(freeze, "environments", environments, at),
                    patterns(freeze, "applications", names, at),
                    windows.freeze(freeze, at)));
        });
        return List.copyOf(read);
    }

    private List<Glob> patterns(JsonNode freeze, String key, Set<String> known, JsonPointer at) {
        List<String> texts = DeclarationReader.strings(freeze.path(key));
        texts.stream()
                .filter(text -> !text.contains("*") && !known.contains(text))
                .findFirst()
                .ifPresent(unknown -> report.accept(
                        at.appendProperty(key),
                        "the freeze is for '" + Shortened.name(unknown) + "', which no application declares: "
                                + UnknownNameException.nearest(unknown, known)
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElseGet(() -> "declared are " + Shortened.list(known))));
        return texts.stream().map(Glob::ofPaths).toList();
    }
}
