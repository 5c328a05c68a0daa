package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.TransientUserActionFactory;
import hudson.model.User;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.gate.OpenGates;
import java.util.Collection;
import java.util.List;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.verb.GET;

/** On somebody's own page in Jenkins: the way to the gates that wait for them, and how many these are. */
public record WaitingForMe(long count) implements Action {

    @Override
    @CheckForNull
    public String getIconFileName() {
        return count > 0 || VisibleApplications.isAnyToWhoeverAsks() ? DeploymentsPanel.ICON : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WaitingForMe_displayName(count);
    }

    /** Relative to the user's page: the menu of the signed-in user puts that page's address in front of every action's. */
    @Override
    public String getUrlName() {
        return DeploymentsPage.URL_NAME;
    }

    @GET
    public HttpResponse doIndex() {
        return HttpResponses.redirectViaContextPath("/" + DeploymentsPage.URL_NAME + "/");
    }

    /** Adds it to the current user's own page, and to no other. */
    @Extension
    public static final class Factory extends TransientUserActionFactory {

        @Override
        public Collection<? extends Action> createFor(User target) {
            User asking = User.current();
            return asking == null || !asking.getId().equals(target.getId())
                    ? List.of()
                    : List.of(new WaitingForMe(OpenGates.get().yours()));
        }
    }
}
