package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.RepositoryForms;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** What forms of steps offer and check; to whoever may not configure the job, nothing. */
final class StepForms {

    private StepForms() {}

    /** The item whose Snippet Generator it is, or Jenkins' own where there is none. */
    static boolean mayConfigure(@CheckForNull Item item) {
        return RepositoryForms.mayConfigure(item);
    }

    /** Names of config repositories; an address may be typed as well. */
    @NonNull
    static ComboBoxModel repositories(@CheckForNull Item item) {
        ComboBoxModel choices = new ComboBoxModel();
        if (mayConfigure(item)) {
            GitOpsSettings.repositories(item).stream()
                    .map(ConfiguredRepository::getName)
                    .forEach(choices::add);
        }
        return choices;
    }

    /** Names of Argo CD connections. */
    @NonNull
    static ComboBoxModel connections(@CheckForNull Item item) {
        ComboBoxModel choices = new ComboBoxModel();
        if (mayConfigure(item)) {
            GitOpsSettings.argoCdConnections(item).stream()
                    .map(ArgoCdConnection::getName)
                    .forEach(choices::add);
        }
        return choices;
    }

    /** Credentials that fit a config repository; to whoever may not configure, only the current ones. */
    @NonNull
    static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current) {
        return RepositoryForms.credentials(item, current);
    }

    @NonNull
    static FormValidation duration(@CheckForNull Item item, @NonNull String parameter, @CheckForNull String value) {
        return mayConfigure(item) ? DurationText.check(parameter, value) : FormValidation.ok();
    }

    @NonNull
    static FormValidation instant(@CheckForNull Item item, @CheckForNull String value) {
        String given = Util.fixEmptyAndTrim(value);
        if (given == null || !mayConfigure(item)) {
            return FormValidation.ok();
        }
        try {
            Instant.parse(given);
            return FormValidation.ok();
        } catch (DateTimeParseException mistake) {
            return FormValidation.error(Messages.StepForms_instant());
        }
    }

    @NonNull
    static FormValidation required(@CheckForNull Item item, @CheckForNull String value) {
        return Util.fixEmptyAndTrim(value) == null && mayConfigure(item)
                ? FormValidation.error(Messages.StepForms_required())
                : FormValidation.ok();
    }

    @NonNull
    static FormValidation image(@CheckForNull Item item, @CheckForNull String value) {
        return mayConfigure(item) ? ImageField.check(value) : FormValidation.ok();
    }
}
