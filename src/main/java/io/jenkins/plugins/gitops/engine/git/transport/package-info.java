/**
 * An adapter over JGit's transports: HTTP through the plugin's clients, SSH through connections that are kept. Neither the
 * configuration nor the cookies, hooks or credential helpers of the machine play a part, whatever comes in is bounded in
 * size and time, and a failure says what may be done about it ({@link
 * io.jenkins.plugins.gitops.engine.git.transport.WireException}). Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
