package hudson.tasks;

import hudson.Util;

public class Mailer {

    private Mailer() {}

    public static class UserProperty extends hudson.model.UserProperty {

        private final String emailAddress;

        public UserProperty(String emailAddress) {
            this.emailAddress = emailAddress;
        }

        public String getAddress() {
            return Util.fixEmptyAndTrim(emailAddress);
        }
    }
}
