/** The pages of runs and jobs, their endpoints, and who may do what there. */
package io.jenkins.plugins.gitops.pages;
