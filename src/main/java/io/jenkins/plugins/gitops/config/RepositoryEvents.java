package io.jenkins.plugins.gitops.config;

import hudson.Extension;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.scm.api.SCMEventListener;
import jenkins.scm.api.SCMHeadEvent;

/**
 * Webhooks of pull requests and pushes, as branch source plugins receive them for their own jobs: reasons to look at the
 * pull requests of a config repository. The class is loaded only where the SCM API plugin is installed.
 */
@Extension(optional = true)
@SuppressWarnings("deprecation") // the alternative would need one more plugin
public class RepositoryEvents extends SCMEventListener {

    private static final Logger LOGGER = Logger.getLogger(RepositoryEvents.class.getName());

    @Override
    public void onSCMHeadEvent(SCMHeadEvent<?> event) {
        String name = event.getSourceName();
        int woken = GitOpsServices.get().deliveryPolls().happened(name);
        LOGGER.log(Level.FINE, "An event of {0} starts a poll of {1} pull requests", new Object[] {name, woken});
    }
}
