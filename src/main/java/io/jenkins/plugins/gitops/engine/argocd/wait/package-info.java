/**
 * Waits, and what they share. One {@link io.jenkins.plugins.gitops.engine.argocd.wait.Informer} per connection and
 * namespace keeps the newest known state of each Application. A
 * {@link io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits wait} holds no thread: it is a few records that are
 * looked at again when an Application changes or a time has come. Every change of state happens on one event loop;
 * whatever may block has threads of its own for each connection and each config repository.
 * Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
