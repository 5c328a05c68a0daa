package jenkins.scm.api;

import hudson.ExtensionPoint;

public class SCMEventListener implements ExtensionPoint {

    public void onSCMHeadEvent(SCMHeadEvent<?> event) {}
}
