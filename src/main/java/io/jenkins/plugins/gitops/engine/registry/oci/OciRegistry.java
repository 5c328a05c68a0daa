package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A registry that speaks the OCI distribution protocol. Tags are resolved with HEAD, which Docker Hub does not count as
 * a pull.
 */
public final class OciRegistry implements ImageRegistry {

    /** What a registry, or a proxy before it, may say of a manifest that says its own type. */
    private static final Set<String> GENERIC = Set.of("", "application/json", "application/octet-stream", "text/plain");

    private final String host;
    private final Repositories repositories;

    public OciRegistry(OciConnection connection) {
        this(connection, connection::login);
    }

    /** @param login in place of the connection's, as it is now: asked before every authentication */
    public OciRegistry(OciConnection connection, Supplier<Optional<RegistryLogin>> login) {
        this.host = connection.host();
        this.repositories = new Repositories(connection, login);
    }

    @Override
    public ImageDetails resolve(ImageReference reference) {
        ImageName name = ImageName.of(reference);
        String wanted = reference
                .digestValue()
                .or(reference::tagName)
                .orElseThrow(() -> new RegistryException("'" + reference + "' has neither tag nor digest: give one."));
        HttpResponse<byte[]> answer = repositories.manifest("HEAD", name, wanted);
        Optional<String> digest =
                answer.headers().firstValue("Docker-Content-Digest").filter(Digests::isDigest);
        boolean vague = GENERIC.contains(OciHttp.mediaType(answer));
        if (answer.statusCode() == 405 || (answer.statusCode() == 200 && (digest.isEmpty() || vague))) {
            answer = repositories.manifest("GET", name, wanted);
            digest = Optional.of(Digests.sha256(answer.body()));
        }
        if (answer.statusCode() == 404) {
            throw missing(reference, name);
        }
        String said = OciHttp.mediaType(answer);
        String type = GENERIC.contains(said) ? repositories.ownType(answer) : said;
        if (!MediaTypes.isKnown(type)) {
            throw new RegistryException("Registry '" + host + "' returned " + OciHttp.typeOrNone(answer) + " for '"
                    + reference
                    + "', which is not an image manifest: push it in OCI or Docker schema 2 form, or correct"
                    + " the address.");
        }
        return new ImageDetails(name, checked(reference, answer.body(), digest.orElseThrow()), type, null);
    }

    /** What was asked for by digest is that digest, whatever the header or another algorithm says. */
    private String checked(ImageReference reference, byte[] body, String found) {
        String wanted = reference.digest();
        if (wanted == null) {
            return found;
        }
        if (!wanted.equals(found) && (body.length == 0 || !Digests.matches(wanted, body))) {
            throw new RegistryException("Registry '" + host + "' returned another image for '" + reference + "', "
                    + found + ": do not use it until you know why.");
        }
        return wanted;
    }

    private ImageMissingException missing(ImageReference reference, ImageName name) {
        return tags(name)
                .map(tags -> ImageMissingException.image(reference, tags))
                .orElseGet(() -> ImageMissingException.repository(reference));
    }

    /** For a suggestion only: a token may be good for pulling but not for listing, and the image is missing all the same. */
    private Optional<List<String>> tags(ImageName name) {
        try {
            return repositories.tags(name);
        } catch (RegistryRefusedException e) {
            return Optional.of(List.of());
        }
    }

    @Override
    public ImageContents contents(ImageDetails image) {
        return new ContentsReader(repositories, image.name()).read(image);
    }

    @Override
    public ScanReport scan(ImageDetails image) {
        return new ScanReport.Unavailable("registry '" + host + "' offers no scan results that this plugin can read");
    }

    @Override
    public TagMutability mutability(ImageName repository) {
        return TagMutability.UNKNOWN;
    }

    @Override
    public Optional<Set<String>> chartVersions(URI index, String chart) {
        return repositories.chartVersions(index, chart);
    }

    @Override
    public void close() {
        // Holds nothing but tokens in memory; the HTTP client is shared.
    }
}
