/** How long the pages of deployments and gates take the server. */
package io.jenkins.plugins.gitops.bench.page;
