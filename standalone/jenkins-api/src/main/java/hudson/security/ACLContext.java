package hudson.security;

import io.jenkins.plugins.gitops.standalone.StandIn;
import org.springframework.security.core.Authentication;

public class ACLContext implements AutoCloseable {

    private final Authentication previous;

    ACLContext(Authentication previous) {
        this.previous = previous;
    }

    @Override
    public void close() {
        StandIn.current().become(previous);
    }
}
