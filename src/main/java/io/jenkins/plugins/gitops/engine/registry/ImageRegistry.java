package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What one registry says of its images. Reads only. Safe for any thread. Blocking: call it off the CPS thread; an
 * interrupt ends a call. Every method throws {@link RegistryException} with one sentence if the registry cannot be asked
 * or its answer cannot be trusted.
 */
public interface ImageRegistry extends AutoCloseable {

    /** Whether a registry lets a tag be moved to another image. */
    enum TagMutability {
        /** No tag of the repository can be moved. */
        IMMUTABLE,
        /** Some can: the repository has exclusions. */
        PARTLY,
        MUTABLE,
        /** The registry does not say; the OCI protocol has no word for it. */
        UNKNOWN
    }

    /**
     * The image a reference names now; the digest decides where it has both tag and digest. One request to the registry,
     * and one more while its way to authenticate is unknown.
     *
     * @throws ImageMissingException if there is none, naming the nearest tags
     */
    ImageDetails resolve(ImageReference reference);

    /** What the image says of itself; two requests for an image, three for an index. */
    ImageContents contents(ImageDetails image);

    /** What a scan of the image found; {@link ScanReport.Unavailable} where the registry does not scan. */
    ScanReport scan(ImageDetails image);

    /** Whether a tag of the repository can be moved to another image. */
    TagMutability mutability(ImageName repository);

    /**
     * The versions of a chart in a Helm repository on the registry's host; empty where the repository has no index.
     *
     * @param index address of its {@code index.yaml}
     */
    default Optional<Set<String>> chartVersions(URI index, String chart) {
        throw new RegistryException("No chart of " + index + " can be asked for through this registry connection.");
    }

    @Override
    void close();
}
