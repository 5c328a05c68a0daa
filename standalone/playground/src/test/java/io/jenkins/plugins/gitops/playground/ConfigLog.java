package io.jenkins.plugins.gitops.playground;

import io.jenkins.plugins.gitops.playground.sample.Git;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

/** The commits that runs made in the config repository, read with the git command line; oldest first. */
record ConfigLog(Git repository) {

    /** A commit. */
    record Commit(Git repository, String id) {

        List<String> trailer(String key) {
            String values = repository.run(
                    "log", "-1", "--format=%(trailers:key=" + key + ",valueonly=true,separator=%x0a)", id);
            return values.isEmpty() ? List.of() : Arrays.asList(values.split("\n"));
        }

        /** Added and removed lines as a patch shows them: with their sign, and a carriage return where the file has one. */
        List<String> changedLines() {
            String patch = repository.run("show", "--format=", "--unified=0", "--no-color", id);
            return Arrays.stream(patch.split("\n"))
                    .filter(line -> line.matches("(?s)[+-](?![+-]{2} ).*"))
                    .toList();
        }

        List<String> files() {
            return repository
                    .run("show", "--format=", "--name-only", id)
                    .lines()
                    .toList();
        }

        Instant at() {
            return OffsetDateTime.parse(repository
                            .run("show", "--no-patch", "--format=%cI", id)
                            .strip())
                    .toInstant();
        }

        List<String> environments() {
            return trailer("GitOps-Environment");
        }
    }

    /** Those that changed this environment and no other. */
    List<Commit> to(String environment) {
        return commits().stream()
                .filter(commit -> commit.environments().equals(List.of(environment)))
                .toList();
    }

    /** All but the commit that the repository starts with. */
    List<Commit> commits() {
        return repository
                .run("rev-list", "--reverse", "main")
                .lines()
                .skip(1)
                .map(id -> new Commit(repository, id))
                .toList();
    }
}
