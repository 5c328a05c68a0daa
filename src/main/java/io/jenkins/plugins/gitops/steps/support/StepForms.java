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
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.steps.Messages;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
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
        return read(item, value, given -> Parameters.duration(parameter, given));
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

    /**
     * A tag or digest that a release may have.
     *
     * @throws InvalidImageException if it is none, or is mutable
     */
    public static void version(@NonNull String text) {
        // The repository stands for that of the image, which is not known here.
        ImageReference.parse("image", text).requireImmutable();
    }

    /**
     * {@code name=version} on each line.
     *
     * @throws StepParameterException if a line has no name or no version
     * @throws InvalidImageException if a version is none, or is mutable
     */
    public static void versions(@NonNull String lines) {
        pairs(lines, "api=1.4.2").values().forEach(StepForms::version);
    }

    /**
     * {@code name=reference} on each line.
     *
     * @throws StepParameterException if a line has no name or no reference
     * @throws InvalidImageException if a reference is none
     */
    public static void references(@NonNull String lines) {
        pairs(lines, "api=ghcr.io/acme/shop-api:1.4.2").values().forEach(ImageReference::parse);
    }

    private static Map<String, String> pairs(String lines, String example) {
        Map<String, String> pairs = FormText.map(lines);
        pairs.forEach((name, value) -> {
            if (name.isEmpty() || value.isEmpty()) {
                throw new StepParameterException(
                        "'" + name + value + "' is not an image with its version; write for example " + example + ".");
            }
        });
        return pairs;
    }
}
