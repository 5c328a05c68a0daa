package io.jenkins.plugins.gitops.engine.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of format 1.2, written by hand from its documentation: what the log says of each. */
class PlanReaderTest {

    static Stream<Arguments> plans() {
        return Stream.of(
                plan(
                        "create",
                        "1 to add",
                        "+ aws_s3_bucket.logs",
                        "    bucket: \"acme-logs\"",
                        "    tags.team: \"shop\"",
                        "    versioning: [{\"enabled\":true}]",
                        "    arn: (known after apply)",
                        "    id: (known after apply)"),
                plan("update", "1 to change", "~ aws_ecs_service.api", "    desired_count: 2 -> 4"),
                plan(
                        "replace",
                        "1 to replace",
                        "-/+ aws_db_instance.shop",
                        "    engine_version: \"15.4\" -> \"16.2\" (forces replacement)",
                        "    id: \"db-1\" -> (known after apply)"),
                plan(
                        "replace-create-first",
                        "1 to replace",
                        "-/+ aws_instance.web[0]",
                        "    ami: \"ami-1\" -> \"ami-2\" (forces replacement)",
                        "    ebs[0].size: 8 -> 16 (forces replacement)"),
                plan("destroy", "1 to destroy", "- aws_db_instance.old"),
                plan("move", "1 to move", "> aws_instance.api (moved from aws_instance.web)"),
                plan(
                        "move-and-change",
                        "1 to change",
                        "~ module.web.aws_instance.api (moved from aws_instance.api)",
                        "    ami: \"ami-1\" -> \"ami-2\""),
                plan("import", "1 to import", "< aws_s3_bucket.legacy (imported as legacy-bucket)"),
                plan(
                        "import-and-change",
                        "1 to change",
                        "~ aws_s3_bucket.legacy (imported as an id known after apply)",
                        "    acl: \"public-read\" -> \"private\""),
                plan("forget", "1 to forget", ". aws_s3_bucket.kept"),
                plan("read", "no changes"),
                plan(
                        "sensitive",
                        "1 to change",
                        "~ aws_db_instance.shop",
                        "    password: (sensitive)",
                        "    username: \"shop\" -> \"shop2\"",
                        "    settings.token: (sensitive)",
                        "    settings.size: 1 -> 2",
                        "    users[0].key: (sensitive)"),
                plan(
                        "sensitive-whole",
                        "2 to change, 1 to add",
                        "~ vault_secret.all",
                        "+ vault_secret.list",
                        "    entries: (sensitive)",
                        "    map: (sensitive)",
                        "~ vault_secret.became",
                        "    v: (sensitive)"),
                plan(
                        "unknown",
                        "1 to change",
                        "~ aws_lb.web",
                        "    dns: \"old.example.org\" -> (known after apply)",
                        "    targets: [\"a\",\"b\"] -> (known after apply)",
                        "    arn: (known after apply)"),
                plan("empty", "no changes"),
                plan("refresh-only", "no changes", "1 resource was changed outside of Terraform since the last run"),
                plan("outputs", "2 outputs change"),
                plan(
                        "drift-and-checks",
                        "1 to change",
                        "~ aws_ecs_service.api",
                        "    desired_count: 9 -> 4",
                        "1 resource was changed outside of Terraform since the last run",
                        "check fails: check.health"),
                plan(
                        "opentofu",
                        "1 to add, 1 to destroy",
                        "+ module.db.aws_db_instance.shop[\"eu\"]",
                        "    engine: \"postgres\"",
                        "- aws_instance.web (deposed a1b2c3d4)"),
                plan("new-action", "1 to change", "~ aws_x.y", "    a: 1 -> 2"));
    }

    private static Arguments plan(String name, String summary, String... lines) {
        return Arguments.of(name, summary, List.of(lines));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void aPlanIsToldInLines(String name, String summary, List<String> lines) throws IOException {
        TerraformPlan plan = fixture(name);

        assertThat(plan.summary().split(", ")).containsExactlyInAnyOrder(summary.split(", "));
        assertThat(plan.lines()).isEqualTo(lines);
        assertThat(plan.isEmpty()).isEqualTo(summary.equals("no changes"));
        assertThat(plan.version()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "empty, false, {}",
        "read, false, {}",
        "refresh-only, true, {drifted=1}",
        "outputs, true, {outputs=2}",
        "drift-and-checks, true, {updated=1}",
        "opentofu, true, '{added=1, destroyed=1}'"
    })
    void aPlanIsDriftWhereTerraformsExitCodeWouldSaySo(String name, boolean isDrift, String counts) throws IOException {
        TerraformPlan plan = fixture(name);

        assertThat(plan.isDrift()).isEqualTo(isDrift);
        assertThat(plan.countsByWord()).hasToString(counts);
    }

    @Test
    void whatChangedOutsideIsNoDriftWhereThePlanHasNothingToApply() throws IOException {
        try (InputStream file = PlanReaderTest.class.getResourceAsStream("refresh-only.json")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(read(text.replace("\"applyable\": true", "\"applyable\": false"))
                            .isDrift())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "update",
                "replace",
                "destroy",
                "sensitive",
                "sensitive-whole",
                "outputs",
                "unknown",
                "import",
                "move"
            })
    void noSecretLeavesThePlan(String name) throws IOException {
        TerraformPlan plan = fixture(name);

        assertThat(plan + String.join("\n", plan.lines()))
                .doesNotContainPattern(
                        "(old|new)-(secret|token|key)|hunter2|in-(planned-values|prior-state|configuration)");
    }

    @Test
    void anErroredPlanIsRefused() {
        assertThatThrownBy(() -> fixture("errored"))
                .isInstanceOf(PlanException.class)
                .hasMessage(
                        "The plan in errored.json is errored: planning failed, and it cannot be applied; correct what"
                                + " failed, and plan again.");
    }

    @Test
    void whatComesFromOutsideStaysOnItsLineAndIsShort() throws IOException {
        TerraformPlan plan = fixture("hostile");

        assertThat(plan.lines())
                .hasSize(22)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(260).doesNotContain("\n", "\u001b", "\u202e"));
        assertThat(plan.lines().get(21)).isEqualTo("    and 182 more");
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is not a JSON object",
        "[], it is not a JSON object",
        "{}, it has no 'format_version'",
        "'{\"format_version\":\"2.0\"}', 'its format is 2.0, and 1.x is what is read'",
        "'{\"format_version\":\"1.2\"}', it has no 'resource_changes'",
        "'{\"format_version\":\"1.2\",\n \"resource_changes\":[{]', line 2 is not the JSON of a plan"
    })
    void whatIsNoPlanIsNamed(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(PlanException.class)
                .hasMessage(
                        "plan.json is not a plan: " + reason + "; write it with 'terraform show -json <plan file>'.");
    }

    @Test
    void depthHasALimit() {
        assertThatThrownBy(() -> read("{\"format_version\":\"1.2\",\"resource_changes\":" + "[".repeat(300)))
                .isInstanceOf(PlanException.class);
    }

    @Test
    void aPlanOfFiveMegabytesIsCountedWholeAndShownInPart() throws IOException {
        StringBuilder text = new StringBuilder(
                "{\"format_version\":\"1.2\",\"terraform_version\":\"1.12.2\",\"resource_changes\":[");
        String filler = "x".repeat(900);
        for (int i = 0; i < 5_000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"address\":\"aws_instance.web[")
                    .append(i)
                    .append(
                            "]\",\"type\":\"aws_instance\",\"change\":{\"actions\":[\"create\"],\"before\":null,\"after\":{\"user_data\":\"")
                    .append(filler)
                    .append("\"},\"after_unknown\":{},\"after_sensitive\":{}}}");
        }
        text.append("]}");
        assertThat(text.length()).isGreaterThan(5_000_000);

        TerraformPlan plan = read(text.toString());

        assertThat(plan.summary()).isEqualTo("5000 to add");
        assertThat(plan.changes()).hasSize(PlanReader.MOST_CHANGES);
        assertThat(plan.lines()).hasSizeLessThan(503).last().isEqualTo("and 4750 more resources");
    }

    private static TerraformPlan fixture(String name) throws IOException {
        try (InputStream file = PlanReaderTest.class.getResourceAsStream(name + ".json")) {
            return PlanReader.read(name + ".json", Objects.requireNonNull(file, name));
        }
    }

    private static TerraformPlan read(String text) throws IOException {
        return PlanReader.read("plan.json", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
