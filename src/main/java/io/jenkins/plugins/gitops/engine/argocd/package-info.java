/**
 * What an Argo CD is to the rest of the plugin: a connection ({@link io.jenkins.plugins.gitops.engine.argocd.ArgoCd}) that
 * lists, watches and refreshes Applications, what is seen of one, and what can be asked of a wait.
 *
 * <ul>
 *   <li>{@code client} has the two ways to connect: the Kubernetes API and Argo CD's own.
 *   <li>{@code wait} keeps one list and one stream for each connection and namespace, and serves every wait from it.
 *   <li>{@code verdict} decides what a wait makes of what it sees: a pure function.
 * </ul>
 * Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
