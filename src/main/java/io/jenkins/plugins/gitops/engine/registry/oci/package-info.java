/**
 * The OCI distribution protocol, reading side: Docker Hub, GHCR, ACR, Artifactory, Harbor, a plain registry.
 *
 * <p>HTTP is the JDK's client. Jenkins hands one out with its own proxy settings, it needs no library, and it follows
 * no redirect by itself, so that this package alone decides what goes to which host. OkHttp would have to be given the
 * proxy settings and kept from taking credentials along.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">the specification</a>
 *
 * <p>Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
