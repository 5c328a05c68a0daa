package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.NearestTags;
import io.jenkins.plugins.gitops.engine.registry.Referrer;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import io.jenkins.plugins.gitops.engine.registry.TagMutability;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;

/**
 * A registry that speaks the OCI distribution protocol. Tags are resolved with HEAD, which Docker Hub does not count as
 * a pull.
 */
public final class OciRegistry implements ImageRegistry {

    private final OciEndpoint endpoint;
    private final Repositories repositories;
    private final ContentsReader contents;
    private final ReferrersReader referrers;

    /** @param http follows no redirects; shared, so not closed here */
    public OciRegistry(@NonNull OciEndpoint endpoint, @NonNull HttpClient http, @NonNull OciSettings settings) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client must not follow redirects: it would take credentials");
        }
        this.endpoint = endpoint;
        this.repositories = new Repositories(endpoint, new OciClient(endpoint, http, settings));
        this.contents = new ContentsReader(endpoint, repositories);
        this.referrers = new ReferrersReader(endpoint, repositories);
    }

    @Override
    @NonNull
    public ImageDetails resolve(@NonNull ImageReference reference) {
        ImageName name = ImageName.of(reference);
        String wanted = reference
                .digestValue()
                .or(reference::tagName)
                .orElseThrow(() -> new RegistryException("'" + reference + "' has neither tag nor digest: give one."));
        Answer answer = repositories.head(name, wanted);
        Optional<String> digest = answer.header("Docker-Content-Digest").filter(Digests::isDigest);
        if (answer.status() == 405 || (answer.status() == 200 && digest.isEmpty())) {
            answer = repositories.manifest(name, wanted);
            digest = Optional.of(Digests.sha256(answer.body()));
        }
        if (answer.status() == 404) {
            throw missing(reference, name);
        }
        requireManifest(reference, answer);
        String found = checked(reference, answer, digest.orElseThrow());
        return new ImageDetails(name, found, answer.mediaType(), null);
    }

    /** What was asked for by digest is that digest, whatever the header or another algorithm says. */
    private String checked(ImageReference reference, Answer answer, String found) {
        String wanted = reference.digest();
        boolean same = wanted == null
                || wanted.equals(found)
                || (answer.body().length > 0 && Digests.matches(wanted, answer.body()));
        if (!same) {
            throw new RegistryException("Registry '" + endpoint.host() + "' answers '" + reference
                    + "' with another image, " + found + ": do not use it before you know why.");
        }
        return wanted == null ? found : wanted;
    }

    private void requireManifest(ImageReference reference, Answer answer) {
        if (!MediaTypes.isKnown(answer.mediaType())) {
            String type = answer.mediaType().isEmpty() ? "no content type" : answer.mediaType();
            throw new RegistryException("Registry '" + endpoint.host() + "' answers '" + reference + "' with " + type
                    + ", which is no image manifest: push it in OCI or Docker schema 2 form, or correct the address.");
        }
    }

    private ImageMissingException missing(ImageReference reference, ImageName name) {
        Optional<List<String>> tags = tags(name);
        if (tags.isEmpty()) {
            return ImageMissingException.repository(reference);
        }
        return ImageMissingException.image(
                reference,
                reference.tagName().map(tag -> NearestTags.to(tag, tags.get())).orElse(List.of()));
    }

    /** For a suggestion only: a token may be good for pulling but not for listing, and the image is missing all the same. */
    private Optional<List<String>> tags(ImageName name) {
        try {
            return repositories.tags(name);
        } catch (RefusedException e) {
            return Optional.of(List.of());
        }
    }

    @Override
    @NonNull
    public ImageContents contents(@NonNull ImageDetails image) {
        return contents.read(image);
    }

    @Override
    @NonNull
    public List<Referrer> referrers(@NonNull ImageDetails image) {
        return referrers.list(image);
    }

    @Override
    @NonNull
    public ScanReport scan(@NonNull ImageDetails image) {
        return new ScanReport.Unavailable("registry '" + endpoint.host() + "' has no scan that this plugin can read");
    }

    @Override
    @NonNull
    public TagMutability mutability(@NonNull ImageName repository) {
        return TagMutability.UNKNOWN;
    }

    @Override
    public void close() {
        // Holds nothing but tokens in memory; the HTTP client is shared.
    }
}
