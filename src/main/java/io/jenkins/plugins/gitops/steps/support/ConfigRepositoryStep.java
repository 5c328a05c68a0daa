package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that works on a config repository: which one, how to get in, and on which application. */
public abstract class ConfigRepositoryStep extends GitOpsStep {

    private static final long serialVersionUID = 2L;

    private String application;
    private String repository;
    private String branch;
    private String credentialsId;
    private String commitSubject;
    private ArrayList<String> commitTrailers = new ArrayList<>();
    private String ticket;

    /** @param function how Pipelines call it */
    protected ConfigRepositoryStep(String function) {
        super(function);
    }

    /** As {@code gitops.yaml} names it; null where the step works without one. */
    @CheckForNull
    public final String getApplication() {
        return application;
    }

    /** Likewise; empty where none was given. */
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

    /** As {@link CommitTemplate#subject()}, for the commits of this step; null for the usual one. */
    @CheckForNull
    public String getCommitSubject() {
        return commitSubject;
    }

    @DataBoundSetter
    public void setCommitSubject(@CheckForNull String commitSubject) {
        this.commitSubject = given("commitSubject", commitSubject);
    }

    /** Such as {@code Signed-off-by: Jenkins <jenkins@example.org>}, for the commits of this step; null for none. */
    @CheckForNull
    public List<String> getCommitTrailers() {
        return commitTrailers.isEmpty() ? null : commitTrailers;
    }

    /** For the form. */
    public String getCommitTrailersText() {
        return FormText.of(commitTrailers);
    }

    @DataBoundSetter
    public void setCommitTrailers(@CheckForNull List<String> commitTrailers) {
        this.commitTrailers = given("commitTrailers", commitTrailers == null ? List.of() : commitTrailers);
    }

    /** What {@code {ticket}} stands for; null to find it in the name of the branch that the run builds. */
    @CheckForNull
    public String getTicket() {
        return ticket;
    }

    @DataBoundSetter
    public void setTicket(@CheckForNull String ticket) {
        this.ticket = given("ticket", ticket);
    }

    /**
     * Opened to commit: with the step's own form of messages.
     *
     * @param environment of the step, which names the branch that the run builds
     * @throws io.jenkins.plugins.gitops.engine.git.RepositoryException if no message can be made of it
     */
    public final OpenedRepository open(Run<?, ?> run, EnvVars environment) {
        return committing(choice().open(run), environment);
    }

    /** The same of one that is opened already. */
    public final OpenedRepository committing(OpenedRepository opened, EnvVars environment) {
        String branch = Util.fixEmpty(environment.getOrDefault("CHANGE_BRANCH", environment.get("BRANCH_NAME")));
        return opened.with(new CommitTemplate(
                commitSubject == null ? CommitTemplate.DEFAULT.subject() : commitSubject,
                Stream.concat(
                                commitTrailers.stream().map(CommitTemplate::trailer),
                                CommitTemplate.ticket(ticket, opened.ticketPattern(), branch).stream())
                        .toList()));
    }

    public final RepositoryChoice choice() {
        return new RepositoryChoice(repository, branch, credentialsId);
    }
}
