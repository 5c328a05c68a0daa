package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import java.util.List;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** Manage Jenkins » System » GitOps Promotion; {@code unclassified: gitops:} in Configuration as Code. */
@Extension
@Symbol("gitops")
public class GitOpsConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    private List<ConfiguredRepository> repositories = List.of();
    private List<ArgoCdConnection> argoCdConnections = List.of();

    @NonNull
    public static GitOpsConfiguration get() {
        return ExtensionList.lookupSingleton(GitOpsConfiguration.class);
    }

    @Override
    @NonNull
    public String getDisplayName() {
        return Messages.GitOpsConfiguration_displayName();
    }

    @NonNull
    public synchronized List<ConfiguredRepository> getRepositories() {
        return repositories;
    }

    @DataBoundSetter
    public synchronized void setRepositories(@CheckForNull List<ConfiguredRepository> repositories) {
        this.repositories = repositories == null ? List.of() : List.copyOf(repositories);
        save();
    }

    @NonNull
    public synchronized List<ArgoCdConnection> getArgoCdConnections() {
        return argoCdConnections;
    }

    @DataBoundSetter
    public synchronized void setArgoCdConnections(@CheckForNull List<ArgoCdConnection> argoCdConnections) {
        this.argoCdConnections = argoCdConnections == null ? List.of() : List.copyOf(argoCdConnections);
        save();
    }

    /** A list whose last entry was deleted is not sent by the form at all. */
    @Override
    public boolean configure(@NonNull StaplerRequest2 request, @NonNull JSONObject form) {
        if (!form.has("repositories")) {
            setRepositories(List.of());
        }
        if (!form.has("argoCdConnections")) {
            setArgoCdConnections(List.of());
        }
        request.bindJSON(this, form);
        return true;
    }
}
