package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.config.DeclaredNames;
import io.jenkins.plugins.gitops.steps.Messages;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Fields of forms that {@code gitops.yaml} knows the values of. To whoever may not configure the job, nothing. */
public final class DeclaredFields {

    private DeclaredFields() {}

    @NonNull
    static ComboBoxModel applications(@CheckForNull Item item, @CheckForNull String repository) {
        return choices(
                StepForms.mayConfigure(item)
                        ? DeclaredNames.read(item, repository).applications()
                        : List.of());
    }

    @NonNull
    public static ComboBoxModel environments(
            @CheckForNull Item item, @CheckForNull String repository, @CheckForNull String application) {
        String name = Util.fixEmptyAndTrim(application);
        return choices(
                name != null && StepForms.mayConfigure(item)
                        ? DeclaredNames.read(item, repository).environments(name)
                        : List.of());
    }

    /** Warns of an application that is not declared: it may be declared by the time the step runs. */
    @NonNull
    static FormValidation application(
            @CheckForNull Item item, @CheckForNull String value, @CheckForNull String repository) {
        String name = Util.fixEmptyAndTrim(value);
        return name == null || !StepForms.mayConfigure(item)
                ? FormValidation.ok()
                : declared(List.of(name), DeclaredNames.read(item, repository).applications());
    }

    /** The same for environments, one on each line. */
    @NonNull
    public static FormValidation environments(
            @CheckForNull Item item,
            @CheckForNull String value,
            @CheckForNull String application,
            @CheckForNull String repository) {
        return declared(item, FormText.list(Util.fixNull(value)), application, repository, DeclaredNames::environments);
    }

    /** The same for the names of images, {@code name=version} on each line. */
    @NonNull
    public static FormValidation images(
            @CheckForNull Item item,
            @CheckForNull String value,
            @CheckForNull String application,
            @CheckForNull String repository) {
        List<String> names = List.copyOf(FormText.map(Util.fixNull(value)).keySet());
        return declared(item, names, application, repository, DeclaredNames::images);
    }

    private static FormValidation declared(
            @CheckForNull Item item,
            List<String> given,
            @CheckForNull String application,
            @CheckForNull String repository,
            BiFunction<DeclaredNames, String, List<String>> known) {
        String of = Util.fixEmptyAndTrim(application);
        return given.isEmpty() || of == null || !StepForms.mayConfigure(item)
                ? FormValidation.ok()
                : declared(given, known.apply(DeclaredNames.read(item, repository), of));
    }

    /** Nothing to compare with is no reason to warn. */
    private static FormValidation declared(List<String> given, List<String> known) {
        Optional<String> unknown =
                given.stream().filter(name -> !known.contains(name)).findFirst();
        return known.isEmpty() || unknown.isEmpty()
                ? FormValidation.ok()
                : FormValidation.warning(Messages.StepForms_undeclared(unknown.get(), String.join(", ", known)));
    }

    private static ComboBoxModel choices(List<String> names) {
        ComboBoxModel choices = new ComboBoxModel();
        choices.addAll(names);
        return choices;
    }
}
