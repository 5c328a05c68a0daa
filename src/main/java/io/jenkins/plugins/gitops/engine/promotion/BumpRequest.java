package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * New images for some files of a config repository, in one commit.
 *
 * @param bumpId unique id of this request; the same id never commits twice
 * @param defaultBranch the config repository's branch, which holds its declaration
 * @param triedSince when this may have been tried first, if it is tried again after a restart
 * @param versions image name to tag, digest, {@code tag@digest} or whole reference; not empty
 */
public record BumpRequest(
        String bumpId,
        String defaultBranch,
        Place place,
        Map<String, String> versions,
        Provenance provenance,
        Identity author,
        Optional<Instant> triedSince) {

    public BumpRequest {
        versions = Map.copyOf(versions);
    }

    /** What is to be bumped. */
    public sealed interface Place {

        /** One line for a log or status: {@code shop/dev+staging}, or the paths of the files. */
        String title();

        /** Each place by itself: {@code shop/dev}, or the path of a file. */
        List<String> names();

        /** Targets that {@code gitops.yaml} declares: one application in one or several environments. */
        record Declared(String application, List<String> environments) implements Place {
            public Declared {
                environments = environments.stream().distinct().toList();
            }

            @Override
            public String title() {
                return application + "/" + String.join("+", environments);
            }

            @Override
            public List<String> names() {
                return environments.stream()
                        .map(environment -> application + "/" + environment)
                        .toList();
            }
        }

        /**
         * Files by name, in a repository that needs no declaration. Where there is one, its gates and
         * jobs hold for them.
         *
         * @param branch where the files are
         * @param repositories image name to {@code registry/repository}
         */
        record Named(String branch, List<ManifestFile> files, Map<String, String> repositories) implements Place {
            public Named {
                files = List.copyOf(files);
            }

            @Override
            public String title() {
                return String.join(", ", names());
            }

            @Override
            public List<String> names() {
                return files.stream().map(ManifestFile::path).toList();
            }
        }
    }
}
