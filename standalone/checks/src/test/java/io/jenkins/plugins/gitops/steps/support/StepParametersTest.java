package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.steps.approval.ApprovalStep;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.changes.ChangesStep;
import io.jenkins.plugins.gitops.steps.promote.PlanStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.status.StatusStep;
import io.jenkins.plugins.gitops.steps.terraform.TerraformApplyStep;
import io.jenkins.plugins.gitops.steps.terraform.TerraformPlanStep;
import io.jenkins.plugins.gitops.steps.verify.VerifyStep;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundSetter;

/** What Groovy passes where a variable is not set, or holds something else: for every parameter of every step. */
class StepParametersTest {

    private static final List<Supplier<GitOpsStep>> STEPS = List.of(
            BumpImageStep::new,
            AwaitSyncStep::new,
            () -> new PromoteStep("shop", "prod"),
            () -> new PlanStep("shop", "prod"),
            () -> new RollbackStep("shop"),
            () -> new VerifyStep("shop", "prod"),
            () -> new StatusStep("shop"),
            () -> new ApprovalStep("Go on?"),
            ChangesStep::new,
            () -> new TerraformPlanStep("plan.json"),
            () -> new TerraformApplyStep("plan.json"));

    static Stream<Arguments> texts() {
        return of(String.class);
    }

    static Stream<Arguments> lists() {
        return of(List.class);
    }

    static Stream<Arguments> maps() {
        return of(Map.class);
    }

    private static Stream<Arguments> of(Class<?> type) {
        List<Arguments> parameters = new ArrayList<>();
        for (Supplier<GitOpsStep> step : STEPS) {
            for (Method setter : step.get().getClass().getMethods()) {
                if (setter.isAnnotationPresent(DataBoundSetter.class) && setter.getParameterTypes()[0] == type) {
                    String name = Introspector.decapitalize(setter.getName().substring("set".length()));
                    parameters.add(Arguments.of(step.get(), name, setter));
                }
            }
        }
        return parameters.stream();
    }

    /** {@code "${env.X}"} of a variable that is not set. */
    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("texts")
    void theTextNullIsRefusedByTheParametersName(GitOpsStep step, String parameter, Method setter) throws Exception {
        setter.invoke(step, " null\n");

        assertRefused(step, " has no value: '" + parameter + "' gives null (is the variable set?).");
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("texts")
    void aTextIsTrimmedAndOneOfSpaceIsNone(GitOpsStep step, String parameter, Method setter) throws Exception {
        Method getter = step.getClass().getMethod("get" + setter.getName().substring("set".length()));

        setter.invoke(step, "  some\u2028");
        assertThat(getter.invoke(step)).isEqualTo("some");

        if (!parameter.equals("environment")) {
            setter.invoke(step, " \n");
            assertThat(getter.invoke(step)).isNull();
            setter.invoke(step, (Object) null);
            assertThat(getter.invoke(step)).isNull();
        }
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("lists")
    void anEntryThatIsNotSetIsRefusedByTheListsName(GitOpsStep step, String parameter, Method setter) throws Exception {
        for (Object unset : Arrays.asList(null, " ", "null")) {
            setter.invoke(step, Arrays.asList("dev", unset));

            assertRefused(step, " has an empty entry in '" + parameter + "': check that the variable is set.");
        }
        setter.invoke(step, List.of("dev", List.of("staging")));
        assertRefused(step, " has a list or map in '" + parameter + "', where each entry must be a string.");
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("maps")
    void aVersionThatIsNotSetOrNoTextIsRefusedByItsImagesName(GitOpsStep step, String parameter, Method setter)
            throws Exception {
        for (Object unset : Arrays.asList(null, "", "null\n")) {
            setter.invoke(step, Collections.singletonMap("api", unset));

            assertThatThrownBy(() -> step.start(new RecordedStepContext(Pipelines.run("shop"))))
                    .isExactlyInstanceOf(AbortException.class)
                    .hasMessageContaining("for " + of(parameter) + "'api': '" + parameter + "' gives ");
        }
        for (Object wrong : List.of(Map.of("tag", "1.2.3"), List.of("1.2.3"))) {
            setter.invoke(step, Map.of("api", wrong));

            assertThatThrownBy(() -> step.start(new RecordedStepContext(Pipelines.run("shop"))))
                    .isExactlyInstanceOf(AbortException.class)
                    .hasMessageContaining(" has a list or map for " + of(parameter) + "'api' in '" + parameter + "'");
        }
        setter.invoke(step, Collections.singletonMap(null, "1.2.3"));
        assertThatThrownBy(() -> step.start(new RecordedStepContext(Pipelines.run("shop"))))
                .hasMessageContaining(" has no name for " + of(parameter) + "'1.2.3'");
    }

    private static String of(String parameter) {
        return parameter.equals("images") ? "the image " : "";
    }

    /** A number is a version as Groovy writes it. */
    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("maps")
    void aValueOfAnotherTypeIsItsText(GitOpsStep step, String parameter, Method setter) throws Exception {
        setter.invoke(step, Map.of(new StringBuilder(" api "), 12));

        String getter = "get" + setter.getName().substring("set".length());
        assertThat(step.getClass().getMethod(getter).invoke(step)).isEqualTo(Map.of("api", "12"));
    }

    @Test
    void aNameIsEitherAnImageOrAnotherVersionInBothSteps() throws Exception {
        BumpImageStep bump = new BumpImageStep();
        bump.setApplication("shop");
        bump.setEnvironment("dev");
        bump.setImages(Map.of("api", "1.2.3"));
        bump.setVersions(Map.of("api", "1.2.4"));
        PromoteStep promote = new PromoteStep("shop", "prod");
        promote.setImages(Map.of("api", "1.2.3"));
        promote.setVersions(Map.of("api", "1.2.4"));

        String clause = " accepts 'api' either in 'images' or in 'versions', not in both.";
        assertRefused(bump, "gitopsBumpImage" + clause);
        assertRefused(promote, "gitopsPromote" + clause);
    }

    private static void assertRefused(GitOpsStep step, String clause) throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("shop"));
        assertThatThrownBy(() -> step.start(context))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageStartingWith("gitops")
                .hasMessageEndingWith(clause);
    }
}
