package org.jenkinsci.plugins.workflow.flow;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

public abstract class FlowExecution {

    @NonNull
    public Authentication getAuthentication2() {
        return ACL.SYSTEM2;
    }
}
