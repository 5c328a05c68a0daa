package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;
import java.util.Optional;

/**
 * Knows the mail addresses of users. Nothing is sent there: commits name their authors by address, and separation of
 * duties must recognise an author who wants to approve. Core knows no addresses, so a plugin that does is asked.
 */
public abstract class MailAddresses implements ExtensionPoint {

    /** The user's address, if this source knows one. May ask a directory. */
    @NonNull
    protected abstract Optional<String> of(@NonNull User user);

    /** The address that the first source knows. */
    @NonNull
    static Optional<String> find(@NonNull User user) {
        return ExtensionList.lookup(MailAddresses.class).stream()
                .flatMap(source -> source.of(user).stream())
                .findFirst();
    }
}
