package jenkins.scm.api;

import hudson.ExtensionPoint;

public abstract class SCMEventListener implements ExtensionPoint {

    public void onSCMHeadEvent(SCMHeadEvent<?> event) {}
}
