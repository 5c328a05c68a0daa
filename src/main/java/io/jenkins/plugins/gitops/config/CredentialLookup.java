package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Where credentials are looked for, and who is recorded to have used them. */
@FunctionalInterface
interface CredentialLookup {

    @CheckForNull
    StandardCredentials find(String id, List<DomainRequirement> at);

    /** Those that a run may use; its use of them is recorded. */
    static CredentialLookup of(Run<?, ?> run) {
        CredentialLookup lookup =
                (id, at) -> CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, at);
        return lookup.usedBy(run);
    }

    /**
     * Those of a place that configures something, with the system's authority: of an item, or of Jenkins itself, where
     * System scope is included, if there is none. A folder's own store for this plugin comes first.
     */
    static CredentialLookup in(@CheckForNull Item item) {
        ItemGroup<?> group = item == null ? Jenkins.get() : item instanceof ItemGroup<?> folder ? folder : null;
        return (id, at) -> GitOpsCredentialsProvider.find(item, id)
                .orElseGet(() -> group == null
                        ? CredentialsProvider.findCredentialByIdInItem(
                                id, StandardCredentials.class, item, ACL.SYSTEM2, at)
                        : CredentialsProvider.findCredentialByIdInItemGroup(
                                id, StandardCredentials.class, group, ACL.SYSTEM2, at));
    }

    /** The same, on behalf of a run, which is recorded. */
    default CredentialLookup usedBy(Run<?, ?> run) {
        return (id, at) -> CredentialsProvider.track(run, find(id, at));
    }

    /** The same, on behalf of an item that no run stands behind. */
    default CredentialLookup usedBy(Item item) {
        return (id, at) -> CredentialsProvider.track(item, find(id, at));
    }

    /**
     * Null for no id.
     *
     * @param purpose completes "There are no credentials 'x' ", such as "for the Argo CD connection 'eu'"
     * @throws CredentialsException if there are none with this id
     */
    @CheckForNull
    default StandardCredentials require(@CheckForNull String id, List<DomainRequirement> at, String purpose) {
        if (id == null) {
            return null;
        }
        StandardCredentials found = find(id, at);
        if (found == null) {
            throw new CredentialsException("There are no credentials '" + id + "' " + purpose
                    + " that may be used here: add them under Credentials, or choose others.");
        }
        return found;
    }

    /** How a secret text, or a username with a password, authorizes an HTTP request; empty for other credentials. */
    static Optional<String> authorization(@CheckForNull StandardCredentials found) {
        if (found instanceof StringCredentials token) {
            return Optional.of("Bearer " + token.getSecret().getPlainText());
        }
        if (found instanceof StandardUsernamePasswordCredentials user) {
            String pair = user.getUsername() + ":" + user.getPassword().getPlainText();
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.empty();
    }

    /** Requirements of credentials for a server; none where the address is missing. */
    static List<DomainRequirement> at(@CheckForNull String url) {
        return URIRequirementBuilder.fromUri(url).build();
    }

    /** @throws CredentialsException if it cannot be read */
    static String text(FileCredentials file) {
        try (InputStream content = file.getContent()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CredentialsException(
                    "The file of the credentials '" + file.getId() + "' cannot be read: upload it again.", e);
        }
    }
}
