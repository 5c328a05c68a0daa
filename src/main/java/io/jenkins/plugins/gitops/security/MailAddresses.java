package io.jenkins.plugins.gitops.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.User;
import hudson.tasks.Mailer;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Mail addresses of users. Nothing is sent there: commits name their authors by address, and separation of duties must
 * recognise an author who wants to approve. Core knows no addresses; the Mailer plugin does, and may not be installed.
 */
public final class MailAddresses {

    private MailAddresses() {}

    /** The address that the user entered, else what the Mailer plugin's resolvers find. May ask a directory. */
    @NonNull
    public static Optional<String> of(@NonNull User user) {
        return Jenkins.get().getPlugin("mailer") == null ? Optional.empty() : FromMailer.of(user);
    }

    /** A class of its own, which is loaded only where there is a Mailer plugin. */
    private static final class FromMailer {

        static Optional<String> of(User user) {
            return Optional.ofNullable(user.getProperty(Mailer.UserProperty.class))
                    .map(Mailer.UserProperty::getAddress)
                    .map(Util::fixEmptyAndTrim);
        }
    }
}
