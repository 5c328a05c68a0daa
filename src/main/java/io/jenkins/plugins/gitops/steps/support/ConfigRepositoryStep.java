package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that works on a config repository: which one, and how to get in. */
public abstract class ConfigRepositoryStep extends GitOpsStep {

    private static final long serialVersionUID = 1L;

    private String repository;
    private String branch;
    private String credentialsId;

    /** Name of a configured config repository, or an address; null for the only one configured. */
    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @NonNull
    public final RepositoryChoice choice() {
        return new RepositoryChoice(repository, branch, credentialsId);
    }
}
