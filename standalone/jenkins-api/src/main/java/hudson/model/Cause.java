package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

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

        private UpstreamCause() {}

        public String getUpstreamProject() {
            throw new UnsupportedOperationException("only in Jenkins");
        }

        public int getUpstreamBuild() {
            throw new UnsupportedOperationException("only in Jenkins");
        }

        @CheckForNull
        public Run<?, ?> getUpstreamRun() {
            throw new UnsupportedOperationException("only in Jenkins");
        }

        @Override
        public String getShortDescription() {
            throw new UnsupportedOperationException("only in Jenkins");
        }
    }
}
