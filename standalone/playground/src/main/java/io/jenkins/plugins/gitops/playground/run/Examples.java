package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Jenkinsfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The Jenkinsfiles in {@code docs/examples}. */
public record Examples(@NonNull Path folder) {

    private static final List<String> ORDER = List.of(
            "one-service",
            "branch-flow",
            "full-flow",
            "tagged-release",
            "deploy-version",
            "hotfix",
            "emergency-stop",
            "pull-requests",
            "verified",
            "carried",
            "separated");

    /**
     * An example.
     *
     * @param summary its first comment
     * @param branches the branches it tells apart, in the order to run them; {@code main} if it does not
     */
    public record Example(
            @NonNull String name,
            @NonNull String summary,
            @NonNull List<String> branches,
            @NonNull Jenkinsfile file) {}

    /** The simplest first. */
    @NonNull
    public List<Example> all() {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(candidate -> Files.exists(candidate.resolve(Jenkinsfile.NAME)))
                    .map(Examples::read)
                    .sorted(Comparator.comparing((Example example) -> {
                                int place = ORDER.indexOf(example.name());
                                return place < 0 ? ORDER.size() : place;
                            })
                            .thenComparing(Example::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the examples in " + folder, e);
        }
    }

    /** @throws UnknownNameException suggesting the nearest name */
    @NonNull
    public Example example(@NonNull String name) {
        List<Example> all = all();
        return all.stream()
                .filter(example -> example.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        name,
                        "example",
                        "docs/examples",
                        new TreeSet<>(all.stream().map(Example::name).toList())));
    }

    private static Example read(Path folder) {
        try {
            String text = Files.readString(folder.resolve(Jenkinsfile.NAME));
            String summary = text.lines()
                    .findFirst()
                    .filter(line -> line.startsWith("//"))
                    .map(line -> line.substring(2).strip())
                    .orElse("");
            List<String> branches = Stream.concat(
                            Stream.of("develop", "main").filter(branch -> text.contains("branch '" + branch + "'")),
                            Stream.of("v1.0.0").filter(tag -> text.contains("buildingTag()")))
                    .toList();
            return new Example(
                    folder.getFileName().toString(),
                    summary,
                    branches.isEmpty() ? List.of("main") : branches,
                    new Jenkinsfile(text));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the example in " + folder, e);
        }
    }
}
