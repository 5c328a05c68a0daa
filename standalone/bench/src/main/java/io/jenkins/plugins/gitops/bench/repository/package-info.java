/** A bump of one image in generated config repositories: this engine, JGit's transport and the git command line. */
package io.jenkins.plugins.gitops.bench.repository;
