package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** What a folder adds for everything in it; the same name hides what folders around it or Jenkins itself configure. */
public class GitOpsFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {

    private ArrayList<ConfiguredRepository> repositories;
    private ArrayList<ArgoCdConnection> argoCdConnections;
    private ConfiguredDefaults defaults;

    @DataBoundConstructor
    public GitOpsFolderProperty() {
        this.repositories = new ArrayList<>();
        this.argoCdConnections = new ArrayList<>();
    }

    public List<ConfiguredRepository> getRepositories() {
        return repositories == null ? List.of() : List.copyOf(repositories);
    }

    @DataBoundSetter
    public void setRepositories(@CheckForNull List<ConfiguredRepository> repositories) {
        this.repositories = repositories == null ? new ArrayList<>() : new ArrayList<>(repositories);
    }

    public List<ArgoCdConnection> getArgoCdConnections() {
        return argoCdConnections == null ? List.of() : List.copyOf(argoCdConnections);
    }

    @DataBoundSetter
    public void setArgoCdConnections(@CheckForNull List<ArgoCdConnection> argoCdConnections) {
        this.argoCdConnections = argoCdConnections == null ? new ArrayList<>() : new ArrayList<>(argoCdConnections);
    }

    /** Null for those of the place around. */
    @CheckForNull
    public ConfiguredDefaults getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public void setDefaults(@CheckForNull ConfiguredDefaults defaults) {
        this.defaults = defaults;
    }

    private boolean isEmpty() {
        return getRepositories().isEmpty() && getArgoCdConnections().isEmpty() && defaults == null;
    }

    /** A part of the folder's form. */
    @Extension
    @Symbol("gitops")
    public static class DescriptorImpl extends AbstractFolderPropertyDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.GitOpsConfiguration_displayName();
        }

        /** Every folder's form has it; only a folder that configures something keeps it. */
        @Override
        @CheckForNull
        public AbstractFolderProperty<?> newInstance(@CheckForNull StaplerRequest2 request, JSONObject form)
                throws FormException {
            AbstractFolderProperty<?> made = super.newInstance(request, form);
            return made instanceof GitOpsFolderProperty property && property.isEmpty() ? null : made;
        }
    }
}
