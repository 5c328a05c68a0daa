package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks whether the Git tags of a release exist, and then at the rest of it. Only a server that says that there is no such
 * tag refuses a release: one that cannot be asked, or does not let these credentials in, leaves the tag unverified.
 *
 * @param rest of the release: its images and charts
 * @param repositories by address; empty for one that is on no server of a configured repository, which is not asked
 */
public record RefVerification(ReleaseVerification rest, Function<String, Optional<ConfigRepository>> repositories)
        implements ReleaseVerification {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    @Override
    public Release verify(Release release, Progress progress) {
        release.sources().forEach((name, source) -> {
            if (source.kind() == VersionSource.Kind.GIT && release.images().get(name) instanceof NamedVersion version) {
                progress.say(verify(source.address(), version.text(), progress));
            }
        });
        return rest.verify(release, progress);
    }

    private String verify(String address, String version, Progress progress) {
        if (COMMIT.matcher(version).matches()) {
            return "Commit " + version + " of " + address + " is not verified: a Git server lists tags alone.";
        }
        String tag = "Tag " + version + " of " + address;
        Optional<ConfigRepository> repository = repositories.apply(address);
        if (repository.isEmpty()) {
            return tag + " is not verified: no configured repository is on its server.";
        }
        try {
            // A semantic version, which Flux and Argo CD may be given, is often tagged with a v in front.
            if (Stream.of("", "v")
                    .anyMatch(prefix -> repository.get().hasRef("refs/tags/" + prefix + version, progress))) {
                return tag + " exists.";
            }
        } catch (RepositoryException unknown) {
            return tag + " is not verified: " + unknown.getMessage();
        }
        throw new RefusedException(
                "There is no tag '" + version + "' in " + address + ": push it first, or give a tag that exists.");
    }

    @Override
    public ReleaseVerification beforeGate() {
        return new RefVerification(rest.beforeGate(), repositories);
    }

    @Override
    public boolean asksFor(Map<String, Version> release) {
        return rest.asksFor(release) || release.values().stream().anyMatch(NamedVersion.class::isInstance);
    }
}
