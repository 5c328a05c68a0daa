package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The drop-downs of credentials. */
final class CredentialChoices {

    /** What {@link CredentialLookup#authorization} takes. */
    static final CredentialsMatcher OF_REQUESTS = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));

    private CredentialChoices() {}

    /**
     * Whether somebody who may configure an item may also send its credentials to a server. Configuring implies it,
     * except where an authorization strategy keeps the two apart.
     */
    static boolean mayUse(@CheckForNull Item item) {
        return item == null || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    /** Those of a place that fit, or none at all; to whoever may not configure it, only the current value. */
    static ListBoxModel of(
            @CheckForNull Item item,
            @CheckForNull String current,
            List<DomainRequirement> at,
            CredentialsMatcher fitting) {
        StandardListBoxModel choices = new StandardListBoxModel();
        String value = Util.fixNull(current);
        if (!Forms.mayConfigure(item)) {
            return choices.includeCurrentValue(value);
        }
        choices.includeEmptyValue();
        if (item == null) {
            choices.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), StandardCredentials.class, at, fitting);
        } else {
            GitOpsCredentialsProvider.held(item).stream()
                    .filter(fitting::matches)
                    .forEach(choices::with);
            choices.includeMatchingAs(ACL.SYSTEM2, item, StandardCredentials.class, at, fitting);
        }
        return choices.includeCurrentValue(value);
    }

    /** Whether what is chosen is there; nothing to whoever only reads the form, which checks its drop-downs all the same. */
    static FormValidation check(@CheckForNull Item item, @CheckForNull String chosen, List<DomainRequirement> at) {
        String id = Util.fixEmptyAndTrim(chosen);
        return id == null
                        || !Forms.mayConfigure(item)
                        || !mayUse(item)
                        || CredentialLookup.in(item).find(id, at) != null
                ? FormValidation.ok()
                : FormValidation.error(Messages.Forms_credentialsMissing(id));
    }

    /** As {@link #check}, with a warning where jobs can bind what is chosen: for what no job should hold itself. */
    static FormValidation checkKeptFromJobs(
            @CheckForNull Item item, @CheckForNull String chosen, List<DomainRequirement> at) {
        FormValidation found = check(item, chosen, at);
        String id = Util.fixEmptyAndTrim(chosen);
        return id == null || found.kind != FormValidation.Kind.OK || !Forms.mayConfigure(item) || !mayUse(item)
                ? found
                : exposure(item, CredentialLookup.in(item).find(id, at));
    }

    /** A warning where jobs can bind the credentials that a place is configured with, as text of a form. */
    static FormValidation exposure(@CheckForNull Item place, @CheckForNull StandardCredentials found) {
        return boundBy(place, found).map(FormValidation::warning).orElseGet(FormValidation::ok);
    }

    /**
     * Which jobs can bind the credentials that a place is configured with; empty for none. The store of a folder gives
     * all it has to every job in it, whatever the scope; its store for this plugin gives them nothing.
     */
    static Optional<String> boundBy(@CheckForNull Item place, @CheckForNull StandardCredentials found) {
        if (found == null
                || place == null && found.getScope() == CredentialsScope.SYSTEM
                || GitOpsCredentialsProvider.find(place, found.getId()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                place == null ? Messages.CredentialChoices_boundByAll() : Messages.CredentialChoices_boundInFolder());
    }
}
