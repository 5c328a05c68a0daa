package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that works on a config repository: which one, how to get in, and on which application. */
public abstract class ConfigRepositoryStep extends GitOpsStep {

    private static final long serialVersionUID = 2L;

    private String application;
    private String repository;
    private String branch;
    private String credentialsId;

    /** @param function how Pipelines call it */
    protected ConfigRepositoryStep(@NonNull String function) {
        super(function);
    }

    /** As {@code gitops.yaml} names it; null where the step works without one. */
    @CheckForNull
    public final String getApplication() {
        return application;
    }

    /** Likewise; empty where none was given. */
    @NonNull
    public final String application() {
        return Util.fixNull(application);
    }

    /** For the constructor of a step that requires an application, or the setter of one that does not. */
    protected final void application(@CheckForNull String given) {
        this.application = given("application", given);
    }

    /** Name of a configured config repository, or an address; null for the only one configured. */
    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = given("repository", repository);
    }

    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = given("branch", branch);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = given("credentialsId", credentialsId);
    }

    @NonNull
    public final RepositoryChoice choice() {
        return new RepositoryChoice(repository, branch, credentialsId);
    }
}
