package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;

public abstract class Cause {

    public abstract String getShortDescription();

    public static class UserIdCause extends Cause {

        private final String userId;

        public UserIdCause(@CheckForNull String userId) {
            this.userId = userId;
        }

        @CheckForNull
        public String getUserId() {
            return userId;
        }

        public String getUserName() {
            return userId;
        }

        @Override
        public String getShortDescription() {
            return userId;
        }
    }

    public static class UpstreamCause extends Cause {

        private final Run<?, ?> upstream;

        public UpstreamCause(Run<?, ?> up) {
            upstream = up;
        }

        public String getUpstreamProject() {
            return upstream.getParent().getFullName();
        }

        public int getUpstreamBuild() {
            return upstream.getNumber();
        }

        @CheckForNull
        public Run<?, ?> getUpstreamRun() {
            return StandIn.current().run(upstream.getExternalizableId());
        }

        public List<Cause> getUpstreamCauses() {
            return upstream.getCauses();
        }

        @Override
        public String getShortDescription() {
            return upstream.getFullDisplayName();
        }
    }
}
