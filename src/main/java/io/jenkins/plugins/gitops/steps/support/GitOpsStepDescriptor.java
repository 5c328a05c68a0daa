package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.DeclaredNames;
import io.jenkins.plugins.gitops.config.Forms;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.steps.Messages;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * What the descriptors of all steps share: the name, how a form becomes a step, and the fields that several steps have. A
 * form offers and checks nothing for a user who may not configure its job.
 *
 * @param <S> the step
 */
public abstract class GitOpsStepDescriptor<S extends GitOpsStep> extends StepDescriptor {

    private final String function;
    private final Supplier<String> displayName;
    private final Map<String, BiConsumer<S, String>> multiline;
    private final List<String> summarized;

    /**
     * @param multiline the fields that hold a list or a map, an entry on each line, and what sets them
     * @param summarized the parameters that views of a run show besides application and environment
     */
    protected GitOpsStepDescriptor(
            String function,
            Supplier<String> displayName,
            Map<String, BiConsumer<S, String>> multiline,
            String... summarized) {
        this.function = function;
        this.displayName = displayName;
        this.multiline = new LinkedHashMap<>(multiline);
        if (ConfigRepositoryStep.class.isAssignableFrom(clazz)) {
            this.multiline.put(
                    "commitTrailers",
                    (step, text) -> ConfigRepositoryStep.class.cast(step).setCommitTrailers(FormText.list(text)));
        }
        this.summarized = List.of(summarized);
    }

    /** What a step that may do without an application asks for instead; empty where it may not. */
    protected Optional<String> insteadOfApplication() {
        return Optional.empty();
    }

    @Override
    public final String getFunctionName() {
        return function;
    }

    @Override
    public final String getDisplayName() {
        return displayName.get();
    }

    @Override
    public final Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, TaskListener.class, EnvVars.class, FlowNode.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public final S newInstance(@CheckForNull StaplerRequest2 request, JSONObject form) {
        if (request == null) {
            throw new IllegalArgumentException("the form of a step comes with a request");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String field : multiline.keySet()) {
            texts.put(field, form.optString(field));
            form.remove(field);
        }
        S step = (S) request.bindJSON(clazz, form);
        texts.forEach((field, text) -> multiline.get(field).accept(step, text));
        return step;
    }

    /** {@code shop/dev+staging}, and what is summarized besides. */
    @Override
    @CheckForNull
    public final String argumentsToString(Map<String, Object> arguments) {
        String target = Stream.of(
                        text(arguments.get("application"), ""),
                        text(arguments.getOrDefault("environments", arguments.get("environment")), "+"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
        return Util.fixEmpty(Stream.concat(
                        Stream.of(target), summarized.stream().map(name -> text(arguments.get(name), " ")))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" ")));
    }

    private static String text(@CheckForNull Object value, String between) {
        Collection<?> parts = value instanceof Map<?, ?> map
                ? map.entrySet()
                : value instanceof Collection<?> several
                        ? several
                        : Stream.ofNullable(value).toList();
        return parts.stream().map(String::valueOf).collect(Collectors.joining(between));
    }

    /** Whether the user may configure the item whose Snippet Generator it is, or Jenkins where there is none. */
    protected static boolean mayConfigure(@CheckForNull Item item) {
        return Forms.mayConfigure(item);
    }

    /** Names of config repositories; an address may be typed as well. */
    @POST
    public ComboBoxModel doFillRepositoryItems(@CheckForNull @AncestorInPath Item item) {
        return choices(item, () -> names(GitOpsSettings.repositories(item), ConfiguredRepository::getName));
    }

    @POST
    public ComboBoxModel doFillConnectionItems(@CheckForNull @AncestorInPath Item item) {
        return choices(item, () -> names(GitOpsSettings.argoCdConnections(item), ArgoCdConnection::getName));
    }

    /** To a user who may not configure the job, only the current ones. */
    @POST
    public ListBoxModel doFillCredentialsIdItems(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String credentialsId) {
        return Forms.repositoryCredentials(item, credentialsId);
    }

    /** Credentials are for an address that nobody has configured. */
    @POST
    public FormValidation doCheckCredentialsId(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String value,
            @CheckForNull @QueryParameter String repository) {
        return read(item, value, given -> new RepositoryChoice(repository, null, given).requireFit(item));
    }

    @POST
    public FormValidation doCheckBranch(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
        return mayConfigure(item) ? Forms.branch(value) : FormValidation.ok();
    }

    @POST
    public ComboBoxModel doFillApplicationItems(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String repository) {
        return choices(item, () -> DeclaredNames.read(item, repository).applications());
    }

    @POST
    public ComboBoxModel doFillEnvironmentItems(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String application,
            @CheckForNull @QueryParameter String repository) {
        String name = Util.fixEmptyAndTrim(application);
        return choices(
                item,
                () -> name == null
                        ? List.of()
                        : DeclaredNames.read(item, repository).environments(name));
    }

    @POST
    public ListBoxModel doFillOnRejectedItems() {
        return OnRejected.items();
    }

    /** Warns of an application that is not declared: it may be declared by the time the step runs. */
    @POST
    public FormValidation doCheckApplication(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String value,
            @CheckForNull @QueryParameter String repository) {
        String name = Util.fixEmptyAndTrim(value);
        if (name != null) {
            return declared(
                    item,
                    List.of(name),
                    () -> DeclaredNames.read(item, repository).applications());
        }
        return insteadOfApplication()
                .map(other -> mayConfigure(item) ? FormValidation.ok(other) : FormValidation.ok())
                .orElseGet(() -> required(item, value));
    }

    /** Likewise, one on each line. */
    @POST
    public FormValidation doCheckEnvironments(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String value,
            @CheckForNull @QueryParameter String application,
            @CheckForNull @QueryParameter String repository) {
        boolean required = insteadOfApplication().isEmpty() || Util.fixEmptyAndTrim(application) != null;
        return required && Util.fixEmptyAndTrim(value) == null
                ? required(item, value)
                : declared(item, value, application, repository);
    }

    @POST
    public FormValidation doCheckTimeout(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
        return duration(item, "timeout", value);
    }

    /** Images with their versions, one on each line; warns of a name that is not declared. */
    protected static FormValidation versions(
            @CheckForNull Item item,
            @CheckForNull String value,
            @CheckForNull String application,
            @CheckForNull String repository) {
        FormValidation read = read(
                item,
                value,
                text -> FormText.images(text, "api=1.4.2").values().forEach(GitOpsStepDescriptor::requireVersion));
        String of = Util.fixEmptyAndTrim(application);
        return of == null || read.kind != FormValidation.Kind.OK
                ? read
                : declared(
                        item,
                        FormText.map(value).keySet(),
                        () -> DeclaredNames.read(item, repository).images(of));
    }

    /** Names with their versions, one on each line; warns of a name that is not declared, refuses what its source is none of. */
    protected static FormValidation namedVersions(
            @CheckForNull Item item,
            @CheckForNull String value,
            @CheckForNull String application,
            @CheckForNull String repository) {
        FormValidation read = read(item, value, text -> FormText.images(text, "redis=19.1.0"));
        String of = Util.fixEmptyAndTrim(application);
        if (of == null
                || read.kind != FormValidation.Kind.OK
                || Util.fixEmptyAndTrim(value) == null
                || !mayConfigure(item)) {
            return read;
        }
        Map<String, VersionSource> sources =
                DeclaredNames.read(item, repository).versions(of);
        FormValidation valid = read(
                item,
                value,
                text -> FormText.map(text)
                        .forEach((name, version) ->
                                Optional.ofNullable(sources.get(name)).ifPresent(source -> source.version(version))));
        return valid.kind != FormValidation.Kind.OK
                ? valid
                : declared(item, FormText.map(value).keySet(), () -> List.copyOf(sources.keySet()));
    }

    protected static FormValidation version(@CheckForNull Item item, @CheckForNull String value) {
        return read(item, value, GitOpsStepDescriptor::requireVersion);
    }

    /** The repository stands for that of the image, which is not known here. */
    private static void requireVersion(String version) {
        ImageReference.parse("image", version).requireImmutable();
    }

    /** Environments, one on each line, of an application. */
    protected static FormValidation declared(
            @CheckForNull Item item,
            @CheckForNull String environments,
            @CheckForNull String application,
            @CheckForNull String repository) {
        String of = Util.fixEmptyAndTrim(application);
        return of == null
                ? FormValidation.ok()
                : declared(
                        item,
                        FormText.list(environments),
                        () -> DeclaredNames.read(item, repository).environments(of));
    }

    /**
     * Warns of the first name that is not known.
     *
     * @param known nothing to compare with is no reason to warn
     */
    protected static FormValidation declared(
            @CheckForNull Item item, Collection<String> given, Supplier<List<String>> known) {
        if (given.isEmpty() || !mayConfigure(item)) {
            return FormValidation.ok();
        }
        List<String> names = known.get();
        Optional<String> unknown =
                given.stream().filter(name -> !names.contains(name)).findFirst();
        return names.isEmpty() || unknown.isEmpty()
                ? FormValidation.ok()
                : FormValidation.warning(Messages.StepForms_undeclared(unknown.get(), String.join(", ", names)));
    }

    protected static FormValidation required(@CheckForNull Item item, @CheckForNull String value) {
        return Util.fixEmptyAndTrim(value) == null && mayConfigure(item)
                ? FormValidation.error(Messages.StepForms_required())
                : FormValidation.ok();
    }

    protected static FormValidation duration(@CheckForNull Item item, String parameter, @CheckForNull String value) {
        return read(item, value, given -> Parameters.duration(parameter, given));
    }

    /**
     * The error that the step would end with; an empty field is fine.
     *
     * @param reading throws a {@link GitOpsException} for a value that the step refuses
     */
    protected static FormValidation read(
            @CheckForNull Item item, @CheckForNull String value, Consumer<String> reading) {
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

    private static ComboBoxModel choices(@CheckForNull Item item, Supplier<List<String>> names) {
        ComboBoxModel choices = new ComboBoxModel();
        if (mayConfigure(item)) {
            choices.addAll(names.get());
        }
        return choices;
    }

    private static <T> List<String> names(Collection<T> configured, Function<T, String> name) {
        return configured.stream().map(name).toList();
    }
}
