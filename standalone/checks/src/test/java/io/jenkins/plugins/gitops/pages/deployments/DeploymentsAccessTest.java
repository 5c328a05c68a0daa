package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.pages.gate.GateApi;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;
import org.springframework.security.access.AccessDeniedException;

/** Who gets what from every endpoint of runs, jobs and Jenkins: allowed ones answer, the others never get so far. */
class DeploymentsAccessTest {

    private static final Map<String, Set<Permission>> PEOPLE = Map.of(
            "anonymous", Set.of(),
            "reader", Set.of(Jenkins.READ, GitOpsPermissions.VIEW),
            "builder",
                    Set.of(Jenkins.READ, GitOpsPermissions.VIEW, GitOpsPermissions.PROMOTE, GitOpsPermissions.ROLLBACK),
            "approver", Set.of(Jenkins.READ, GitOpsPermissions.VIEW, GitOpsPermissions.APPROVE));

    @TempDir
    private Path home;

    private Run<?, ?> run;
    private GateRecords gates;
    private JobDeployments deployments;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withAccess((who, permission, where) -> who.getName().equals("administrator")
                        || PEOPLE.getOrDefault(who.getName(), Set.of()).contains(permission));
        GitOpsConfiguration.get().setRepositories(List.of());
        run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
        gates = GateAction.of(run);
        deployments = new JobDeployments(run.getParent());
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
    }

    private HttpResponse call(String endpoint) {
        return switch (endpoint) {
            case "run/gates" -> gates.getV1().doGates();
            case "run/approve" -> gates.getV1().doApprove("g", "d", "");
            case "run/withdraw" -> gates.getV1().doWithdraw("g", "d");
            case "run/reject" -> gates.getV1().doReject("g", "d", "no");
            case "run/tick" -> gates.getV1().doTick("g", "d", "item");
            case "run/untick" -> gates.getV1().doUntick("g", "d", "item");
            case "run/override" -> gates.getV1().doOverride("g", "d", "why", "");
            case "page/gates" -> deployments.getGates().getV1().doGates();
            case "page/approve" -> deployments.getGates().getV1().doApprove("g", "d", "");
            case "page/withdraw" -> deployments.getGates().getV1().doWithdraw("g", "d");
            case "page/reject" -> deployments.getGates().getV1().doReject("g", "d", "no");
            case "page/tick" -> deployments.getGates().getV1().doTick("g", "d", "item");
            case "page/untick" -> deployments.getGates().getV1().doUntick("g", "d", "item");
            case "page/override" -> deployments.getGates().getV1().doOverride("g", "d", "why", "");
            case "job/deployments" -> deployments.getV1().doDeployments("");
            case "job/overview" -> deployments.getV1().doOverview();
            case "root/overview" -> new DeploymentsPage().getV1().doOverview();
            case "job/comparison" -> deployments.getV1().doComparison("x", "", "prod");
            case "job/calendar" -> deployments.getV1().doCalendar();
            case "root/comparison" -> new DeploymentsPage().getV1().doComparison("x", "", "prod");
            case "root/calendar" -> new DeploymentsPage().getV1().doCalendar();
            case "job/history" -> deployments.getV1().doHistory("x", "prod");
            case "job/promote" -> deployments.getV1().doPromote("x", "prod", "", "why", "d");
            case "job/rollback" -> deployments.getV1().doRollback("x", "prod", "", "why", "d");
            case "job/lock" -> deployments.getV1().doLock("x", "shop", "prod", "", "", "", "why", "d");
            case "job/unlock" -> deployments.getV1().doUnlock("x", "prod", "l", "why", "d");
            case "job/review" -> deployments.getV1().doReview("x", "prod", "abc1234", "why", "d");
            case "root/deployments" -> new DeploymentsPage().getV1().doDeployments("");
            case "root/history" -> new DeploymentsPage().getV1().doHistory("x", "prod");
            case "root/lock" -> new DeploymentsPage().getV1().doLock("x", "shop", "prod", "", "", "", "why", "d");
            case "root/unlock" -> new DeploymentsPage().getV1().doUnlock("x", "prod", "l", "why", "d");
            case "root/stop" -> new DeploymentsPage().getV1().doStop("", "", "", "why", "d");
            default -> throw new AssertionError(endpoint);
        };
    }

    /** Of those who come through, who decides at a gate is the gate's rules, which have tests of their own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        run/gates    | reader builder approver administrator
        run/approve  | reader builder approver administrator
        run/withdraw | reader builder approver administrator
        run/reject   | reader builder approver administrator
        run/tick     | reader builder approver administrator
        run/untick   | reader builder approver administrator
        run/override | reader builder approver administrator
        page/gates   | reader builder approver administrator
        page/approve | reader builder approver administrator
        page/withdraw| reader builder approver administrator
        page/reject  | reader builder approver administrator
        page/tick    | reader builder approver administrator
        page/untick  | reader builder approver administrator
        page/override| reader builder approver administrator
        job/deployments | reader builder approver administrator
        job/overview | reader builder approver administrator
        root/overview| reader builder approver administrator
        job/comparison| reader builder approver administrator
        job/calendar | reader builder approver administrator
        root/comparison| reader builder approver administrator
        root/calendar| reader builder approver administrator
        job/history  | reader builder approver administrator
        job/promote  | builder administrator
        job/rollback | builder administrator
        job/lock     | administrator
        root/lock    | administrator
        root/unlock  | administrator
        root/stop    | administrator
        job/unlock   | administrator
        job/review   | approver administrator
        root/deployments| reader builder approver administrator
        root/history | reader builder approver administrator
        """)
    void onlyWhoMayComesThrough(String endpoint, String allowed) {
        List<String> let = List.of(allowed.split(" "));
        for (String who : List.of("anonymous", "reader", "builder", "approver", "administrator")) {
            as(who, () -> {
                if (let.contains(who)) {
                    assertThat(call(endpoint)).as(who).isNotNull();
                } else {
                    assertThatThrownBy(() -> call(endpoint)).as(who).isInstanceOf(AccessDeniedException.class);
                }
            });
        }
    }

    @Test
    void everyEndpointIsEitherReadWithGetOrChangesWithPost() {
        for (Class<?> page : List.of(GateApi.class, JobDeploymentsApi.class, RootDeploymentsApi.class)) {
            Arrays.stream(page.getMethods())
                    .filter(method -> method.getName().matches("do[A-Z].*"))
                    .forEach(method -> assertThat(method.isAnnotationPresent(GET.class))
                            .as(method.toString())
                            .isNotEqualTo(method.isAnnotationPresent(RequirePOST.class)));
        }
    }

    @Test
    void whoMayNotSeeTheJobFindsNothingOfItOnThePageOfJenkins() {
        as("reader", () -> assertThat(VisibleApplications.isAnyToWhoeverAsks()).isTrue());
        as("anonymous", () -> {
            assertThat(VisibleApplications.isAnyToWhoeverAsks()).isFalse();
            assertThat(VisibleApplications.toWhoeverAsks().json(Set.of()))
                    .isEqualTo(
                            "{\"ready\":true,\"applications\":[],\"problems\":[],\"orders\":[],\"gates\":[],\"deliveries\":[]}");
        });
    }

    @Test
    void aJobThatDeploysNothingHasNoPage() throws Exception {
        JobDeployments.Factory factory = new JobDeployments.Factory();

        assertThat(factory.createFor(run.getParent())).hasSize(1);
        assertThat(factory.createFor(Pipelines.run("other").getParent())).isEmpty();
    }

    @Test
    void aRenamedJobKeepsItsDeploymentsAndADeletedOneLosesThem() {
        DeployingJobs.Follower follower = new DeployingJobs.Follower();

        follower.onLocationChanged(run.getParent(), "shop", "store");
        assertThat(DeployingJobs.get().of("store")).hasSize(1);
        assertThat(DeployingJobs.get().of("shop")).isEmpty();

        follower.onLocationChanged(run.getParent(), "store", "shop");
        follower.onDeleted(run.getParent());
        assertThat(DeployingJobs.get().all()).isEmpty();
    }

    @Test
    void ofAJobTheLatestHundredAreRemembered() {
        RepositoryChoice repository = new RepositoryChoice("config", null, null);
        for (int i = 0; i < DeployingJobs.MOST_OF_A_JOB; i++) {
            DeployingJobs.get().remember(run, repository, "branch-" + i);
        }
        DeployingJobs.get().remember(run, repository, "branch-0");
        DeployingJobs.get().remember(run, repository, "one more");

        assertThat(DeployingJobs.get().of("shop"))
                .extracting(DeployingJobs.Use::application)
                .hasSize(DeployingJobs.MOST_OF_A_JOB)
                .contains("branch-0", "branch-99", "one more")
                .doesNotContain("branch-1", "shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[null]", "[{}]", "[{\"job\":\"shop\"}]", "[[]]", "[\"shop\"]"})
    void entriesOfTheIndexThatCannotBeReadAreSkipped(String content) throws Exception {
        Path index = home.resolve("gitops-promotion/deploying-jobs.json");
        String good = Files.readString(index);
        Files.writeString(index, content.endsWith("]") ? content.replaceFirst("]$", "," + good.substring(1)) : content);

        List<DeployingJobs.Use> read = new DeployingJobs().all();

        assertThat(read)
                .extracting(DeployingJobs.Use::application)
                .isEqualTo(content.equals("null") ? List.of() : List.of("shop"));
    }

    @Test
    void whatWasUsedWithinAMillisecondIsTheLatestFirstToo() throws Exception {
        Path index = home.resolve("gitops-promotion/deploying-jobs.json");
        String good = Files.readString(index);
        String one = good.substring(1, good.length() - 1);
        Files.writeString(index, "[" + one + "," + one.replace("shop", "later") + "]");

        assertThat(new DeployingJobs().all())
                .extracting(DeployingJobs.Use::application)
                .containsExactly("later", "shop");
    }

    @Test
    void theIndexOutlivesARestart() {
        assertThat(new DeployingJobs().of("shop"))
                .extracting(DeployingJobs.Use::application)
                .containsExactly("shop");
    }

    private static void as(String who, Runnable deed) {
        ACLContext context = ACL.as2(StandIn.user(who, List.of()));
        try {
            deed.run();
        } finally {
            context.close();
        }
    }
}
