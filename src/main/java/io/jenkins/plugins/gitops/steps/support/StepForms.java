package io.jenkins.plugins.gitops.steps.support;

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
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.steps.Messages;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;

/** What forms of steps offer and check; to whoever may not configure the job, nothing. */
public final class StepForms {

    private StepForms() {}

    /** The item whose Snippet Generator it is, or Jenkins' own where there is none. */
    public static boolean mayConfigure(@CheckForNull Item item) {
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
    public static ComboBoxModel connections(@CheckForNull Item item) {
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
    public static FormValidation duration(
            @CheckForNull Item item, @NonNull String parameter, @CheckForNull String value) {
        return read(item, value, given -> DurationText.parse(parameter, given));
    }

    @NonNull
    public static FormValidation instant(@CheckForNull Item item, @CheckForNull String value) {
        return read(item, value, given -> {
            try {
                Instant.parse(given);
            } catch (DateTimeParseException mistake) {
                throw new StepParameterException(Messages.StepForms_instant());
            }
        });
    }

    @NonNull
    public static FormValidation required(@CheckForNull Item item, @CheckForNull String value) {
        return Util.fixEmptyAndTrim(value) == null && mayConfigure(item)
                ? FormValidation.error(Messages.StepForms_required())
                : FormValidation.ok();
    }

    /** Says something that is no fault. */
    @NonNull
    static FormValidation hint(@CheckForNull Item item, @NonNull String text) {
        return mayConfigure(item) ? FormValidation.ok(text) : FormValidation.ok();
    }

    /**
     * What the step would say of a value; nothing typed is fine.
     *
     * @param reading throws what it says
     */
    @NonNull
    public static FormValidation read(
            @CheckForNull Item item, @CheckForNull String value, @NonNull Consumer<String> reading) {
        String given = Util.fixEmptyAndTrim(value);
        if (given == null || !mayConfigure(item)) {
            return FormValidation.ok();
        }
        try {
            reading.accept(given);
            return FormValidation.ok();
        } catch (GitOpsException mistake) {
            return FormValidation.error(mistake.getMessage());
        }
    }
}
