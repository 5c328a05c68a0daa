package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.steps.approval.ApprovalStep;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.changes.ChangesStep;
import io.jenkins.plugins.gitops.steps.lock.LockStep;
import io.jenkins.plugins.gitops.steps.lock.UnlockStep;
import io.jenkins.plugins.gitops.steps.promote.PlanStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.rollout.RolloutStep;
import io.jenkins.plugins.gitops.steps.status.StatusStep;
import io.jenkins.plugins.gitops.steps.terraform.TerraformApplyStep;
import io.jenkins.plugins.gitops.steps.terraform.TerraformPlanStep;
import io.jenkins.plugins.gitops.steps.verify.VerifyStep;
import java.beans.Introspector;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** docs/steps.md names the parameters that the Step classes have, each once, and each has a help file. */
class StepsDocumentTest {

    private static final Set<String> OF_EVERY_REPOSITORY_STEP =
            Set.of("repository", "branch", "credentialsId", "commitSubject", "commitTrailers", "ticket");
    private static final Set<Class<?>> OF_NO_REPOSITORY = Set.of(ApprovalStep.class, ChangesStep.class);
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);

    private static final Map<StepDescriptor, Class<?>> STEPS = Stream.of(
                    new BumpImageStep.DescriptorImpl(),
                    new AwaitSyncStep.DescriptorImpl(),
                    new PromoteStep.DescriptorImpl(),
                    new PlanStep.DescriptorImpl(),
                    new ApprovalStep.DescriptorImpl(),
                    new RollbackStep.DescriptorImpl(),
                    new RolloutStep.DescriptorImpl(),
                    new LockStep.DescriptorImpl(),
                    new UnlockStep.DescriptorImpl(),
                    new VerifyStep.DescriptorImpl(),
                    new StatusStep.DescriptorImpl(),
                    new ChangesStep.DescriptorImpl(),
                    new TerraformPlanStep.DescriptorImpl(),
                    new TerraformApplyStep.DescriptorImpl())
            .collect(Collectors.toMap(descriptor -> descriptor, descriptor -> descriptor.clazz));

    static Stream<Map.Entry<StepDescriptor, Class<?>>> steps() {
        return STEPS.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepIsDescribedWithExactlyItsParameters(Map.Entry<StepDescriptor, Class<?>> step) throws IOException {
        Set<String> own = parameters(step.getValue());
        boolean ofRepository = own.removeAll(OF_EVERY_REPOSITORY_STEP);
        String section = section(step.getKey().getFunctionName());

        assertThat(rows(section)).containsExactlyInAnyOrderElementsOf(own);
        assertThat(section).contains("\nReturns", "\nEnds ");
        assertThat(ofRepository).isNotEqualTo(OF_NO_REPOSITORY.contains(step.getValue()));
    }

    @Test
    void whatTheStepsShareIsDescribedOnce() throws IOException {
        String head = document().split("\nHow a step's end affects the run", 2)[0];

        assertThat(rows(head)).containsExactlyInAnyOrderElementsOf(OF_EVERY_REPOSITORY_STEP);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyDescribedParameterHasItsHelp(Map.Entry<StepDescriptor, Class<?>> step) {
        assertThat(parameters(step.getValue()))
                .allSatisfy(parameter -> assertThat(
                                Stream.<Class<?>>iterate(step.getValue(), Objects::nonNull, Class::getSuperclass)
                                        .anyMatch(type ->
                                                type.getResource(type.getSimpleName() + "/help-" + parameter + ".html")
                                                        != null))
                        .as("help of " + parameter)
                        .isTrue());
    }

    private static String document() throws IOException {
        return Files.readString(SourceTree.root().resolve("docs/steps.md"));
    }

    private static String section(String function) throws IOException {
        String after = document().split("\n## " + function + "\n", 2)[1];
        return after.split("\n## ", 2)[0];
    }

    private static Set<String> rows(String text) {
        Set<String> names = new TreeSet<>();
        ROW.matcher(text)
                .results()
                .forEach(row -> assertThat(names.add(row.group(1)))
                        .as("once: " + row.group(1))
                        .isTrue());
        return names;
    }

    private static Set<String> parameters(Class<?> step) {
        Set<String> names = new TreeSet<>();
        for (Constructor<?> constructor : step.getDeclaredConstructors()) {
            if (constructor.isAnnotationPresent(DataBoundConstructor.class)) {
                Stream.of(constructor.getParameters()).map(Parameter::getName).forEach(names::add);
            }
        }
        for (Method method : step.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class)) {
                names.add(Introspector.decapitalize(method.getName().substring("set".length())));
            }
        }
        return names;
    }
}
