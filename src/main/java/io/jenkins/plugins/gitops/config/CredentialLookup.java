package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.security.ACL;
import java.util.List;
import jenkins.model.Jenkins;

/** Where credentials of a configuration are looked for: the place that configures it, not the run that uses it. */
@FunctionalInterface
interface CredentialLookup {

    @CheckForNull
    StandardCredentials find(@NonNull String id, @NonNull List<DomainRequirement> at);

    /** In the context of an item, or of Jenkins itself where there is none. */
    @NonNull
    static CredentialLookup in(@CheckForNull Item item) {
        return (id, at) -> item == null
                ? CredentialsProvider.findCredentialByIdInItemGroup(
                        id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, at)
                : CredentialsProvider.findCredentialByIdInItem(id, StandardCredentials.class, item, ACL.SYSTEM2, at);
    }
}
