package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.User;
import hudson.tasks.Mailer;
import java.util.Optional;

/** The addresses that the Mailer plugin knows: what the user entered, else what its resolvers find. */
@Extension(optional = true)
public class MailerAddresses extends MailAddresses {

    @Override
    @NonNull
    protected Optional<String> of(@NonNull User user) {
        return Optional.ofNullable(user.getProperty(Mailer.UserProperty.class))
                .map(Mailer.UserProperty::getAddress)
                .map(Util::fixEmptyAndTrim);
    }
}
