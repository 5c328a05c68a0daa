/** What runs where, on the pages of jobs and of Jenkins. Nothing is null unless it is marked. */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;
