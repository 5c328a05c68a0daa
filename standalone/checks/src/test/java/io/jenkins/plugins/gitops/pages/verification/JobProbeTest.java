package io.jenkins.plugins.gitops.pages.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.init.InitMilestone;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.verification.Sample;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.security.RunIdentity;
import io.jenkins.plugins.gitops.standalone.BuiltJob;
import io.jenkins.plugins.gitops.standalone.QueueStandIn;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check {@code job}: a build that is asked for once, whatever becomes of the controller meanwhile. */
class JobProbeTest {

    @TempDir
    private Path home;

    private final Folder team = new Folder(Jenkins.get(), "team");
    private final Folder other = new Folder(Jenkins.get(), "other");
    private final BuiltJob deploy = new BuiltJob(team, "deploy");
    private final BuiltJob e2e = new BuiltJob(team, "e2e");
    private final BuiltJob theirs = new BuiltJob(other, "theirs");
    private final Set<String> mayBuild = new HashSet<>();
    private QueueStandIn queue = new QueueStandIn();
    private ReleaseVerifications records;
    private Map<String, String> parameters = Map.of();
    private String name = "e2e";
    private int attempt = 1;

    private static final class Folder extends AbstractFolder<TopLevelItem> {
        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }

    @BeforeEach
    void start() {
        restart(queue);
    }

    /** With what the files have, and this queue. */
    private void restart(QueueStandIn saved) {
        queue = saved;
        records = new ReleaseVerifications();
        StandIn jenkins = new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withRootUrl("https://jenkins.example.org/")
                .withQueue(queue)
                .withUser(StandIn.user("dora", List.of()))
                .withUser(StandIn.user("eve", List.of()))
                .withExtension(records)
                .withExtension(new VerificationBuild.Listener())
                .withAccess((who, permission, where) -> where instanceof Item item
                        && (permission != Item.BUILD || mayBuild.contains(who.getName()))
                        && !(who.getName().equals("eve") && item.getFullName().startsWith("other")));
        List.of(team, other, deploy, e2e, theirs).forEach(jenkins::withItem);
    }

    private JobProbe verify(RunIdentity identity) {
        JenkinsJob check = new JenkinsJob("smoke", name, parameters, Duration.ofSeconds(15));
        Verification begun = Verification.begin(
                new Verification.Deployed("https://git.example.org/c.git", "shop", "prod", "main", "c0ffee1", Map.of()),
                new VerificationDefinition(Duration.ofMinutes(15), List.of(check)),
                attempt,
                Instant.now());
        if (records.find(begun.deployed().id())
                .filter(kept -> kept.verification().attempt() == attempt)
                .isEmpty()) {
            records.put(new Kept(
                    begun, deploy.getFullName(), RepositoryChoice.USUAL, null, false, identity, Map.of(), List.of()));
        }
        return new JobProbe(check, VerificationBuild.of(begun, check), records);
    }

    private JobProbe verify() {
        return verify(RunIdentity.UNKNOWN);
    }

    private static Sample look(JobProbe probe) {
        return probe.look().toCompletableFuture().join();
    }

    private static Sample missed(String text) {
        return new Sample(Sample.Kind.MISSED, text);
    }

    private static Sample impossible(String text) {
        return new Sample(Sample.Kind.IMPOSSIBLE, text);
    }

    private BuiltJob.Build begin() throws Exception {
        BuiltJob.Build build = e2e.newBuild();
        queue.begin(queue.waiting().get(0), build);
        return build;
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, GOOD", "UNSTABLE, FAILED", "FAILURE, FAILED", "ABORTED, FAILED"})
    void theResultOfTheBuildIsThatOfTheCheck(String result, Sample.Kind kind) throws Exception {
        JobProbe probe = verify();

        assertThat(look(probe)).isEqualTo(missed("e2e waits in the build queue"));
        assertThat(look(probe)).isEqualTo(missed("e2e waits in the build queue"));
        BuiltJob.Build build = begin();
        assertThat(look(probe))
                .isEqualTo(missed("team/e2e #1 is running: https://jenkins.example.org/job/team/job/e2e/1/"));
        if (result.equals("ABORTED")) {
            build.addAction(new InterruptedBuildAction(List.of()));
        }
        build.end(result(result));

        assertThat(look(probe))
                .isEqualTo(new Sample(
                        kind,
                        "team/e2e #1 ended with " + result + ": https://jenkins.example.org/job/team/job/e2e/1/"));
        assertThat(queue.waiting()).isEmpty();
        assertThat(e2e.builds()).hasSize(1);
    }

    private static Result result(String name) {
        return List.of(Result.SUCCESS, Result.UNSTABLE, Result.FAILURE, Result.ABORTED, Result.NOT_BUILT).stream()
                .filter(result -> result.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBuildThatDidNothingSaysNothing() throws Exception {
        JobProbe probe = verify();
        look(probe);
        begin().end(Result.NOT_BUILT);

        assertThat(look(probe))
                .isEqualTo(impossible(
                        "team/e2e #1 ended without a result: https://jenkins.example.org/job/team/job/e2e/1/"));
    }

    /** Jenkins that stops aborts the builds that cannot go on after a restart, and leaves no cause. */
    @Test
    void aBuildThatJenkinsAbortedWhenItStoppedSaysNothing() throws Exception {
        look(verify());
        begin().end(Result.ABORTED);
        restart(new QueueStandIn());

        assertThat(look(verify()))
                .isEqualTo(impossible("team/e2e #1 was aborted when Jenkins stopped, or without a cause, which says"
                        + " nothing about the release: https://jenkins.example.org/job/team/job/e2e/1/"));
    }

    @Test
    void theBuildSaysWhatItVerifies() throws Exception {
        BuiltJob.Build run = deploy.newBuild();
        StandIn.current().withRun(run);
        look(verify(RunIdentity.of(run, ACL.SYSTEM2, List.of())));

        List<Cause> causes = queue.waiting().get(0).getAction(CauseAction.class).getCauses();

        assertThat(causes.get(0).getShortDescription())
                .isEqualTo("Started by the check smoke of the verification of shop/prod (commit c0ffee1)");
        assertThat(((Cause.UpstreamCause) causes.get(1)).getUpstreamRun()).isSameAs(run);
    }

    @Test
    void whatWaitsInTheQueueIsFoundAfterARestart() throws Exception {
        look(verify());
        restart(queue);
        StandIn.current().withInitLevel(InitMilestone.JOB_CONFIG_ADAPTED);
        JobProbe probe = verify();

        assertThat(look(probe)).isEqualTo(missed("Jenkins is starting"));
        StandIn.current().withInitLevel(InitMilestone.COMPLETED);
        assertThat(look(probe)).isEqualTo(missed("e2e waits in the build queue"));

        assertThat(queue.waiting()).hasSize(1);
        queue.remove(queue.waiting().get(0));
        assertThat(look(probe)).isEqualTo(missed("e2e is about to begin"));
        assertThat(look(probe))
                .isEqualTo(impossible("e2e was cancelled in the build queue, which says nothing about the release"));
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void aBuildIsFoundAfterACrashByItsNumber() throws Exception {
        look(verify());
        BuiltJob.Build build = begin();
        restart(new QueueStandIn());
        JobProbe probe = verify();

        assertThat(look(probe).text()).startsWith("team/e2e #1 is running");
        build.end(Result.SUCCESS);
        assertThat(look(probe).kind()).isEqualTo(Sample.Kind.GOOD);
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void aBuildIsFoundAfterACrashByWhatItSaysOfItself() throws Exception {
        look(verify());
        queue.leave(queue.waiting().get(0), e2e.newBuild());
        e2e.newBuild();
        restart(new QueueStandIn());

        assertThat(look(verify()).text()).startsWith("team/e2e #1 is running");
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void whatACrashLostInTheQueueIsStartedAgain() {
        look(verify());
        restart(new QueueStandIn());

        assertThat(look(verify())).isEqualTo(missed("e2e waits in the build queue"));
        assertThat(queue.waiting()).hasSize(1);
    }

    @Test
    void twoStartsAreOneBuild() {
        JobProbe one = verify();
        JobProbe two = verify();

        look(one);
        look(two);

        assertThat(queue.waiting()).hasSize(1);
    }

    @Test
    void whatOthersWantOfTheJobIsNoBuildOfTheCheck() {
        Queue.Item byHand = byHand();

        look(verify());

        assertThat(queue.waiting()).hasSize(2).contains(byHand);
        assertThat(byHand()).isSameAs(byHand);
    }

    private Queue.Item byHand() {
        return ParameterizedJobMixIn.scheduleBuild2(e2e, 0);
    }

    @Test
    void anotherAttemptIsAnotherBuild() throws Exception {
        look(verify());
        begin().end(Result.FAILURE);
        attempt = 2;

        assertThat(look(verify())).isEqualTo(missed("e2e waits in the build queue"));
    }

    @Test
    void aBuildThatIsGoneCannotBeJudged() throws Exception {
        JobProbe probe = verify();
        look(probe);
        e2e.delete(begin());

        assertThat(look(probe))
                .isEqualTo(impossible(
                        "team/e2e #1 was deleted, or lost when Jenkins stopped, before its result was seen, which says"
                                + " nothing about the release"));
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void whatNobodyWaitsForAnyMoreLeavesTheQueueAndWhatIsBuiltGoesOn() throws Exception {
        JobProbe probe = verify();
        look(probe);

        probe.ended();

        assertThat(queue.waiting()).isEmpty();
        assertThat(look(probe)).isEqualTo(missed("no longer needed"));
        assertThat(queue.waiting()).isEmpty();

        attempt = 2;
        JobProbe again = verify();
        look(again);
        BuiltJob.Build build = begin();
        again.ended();
        assertThat(build.isBuilding()).isTrue();
    }

    @Test
    void parametersAreThoseOfTheJob() {
        BuiltJob shop = new BuiltJob(
                team,
                "shop",
                new StringParameterDefinition("BASE", "http://localhost", null),
                new StringParameterDefinition("LEVEL", "smoke", null));
        StandIn.current().withItem(shop);
        name = "shop";
        parameters = Map.of("BASE", "https://shop.example.org");

        look(verify());

        assertThat(queue.waiting().get(0).getAction(ParametersAction.class).getParameters())
                .extracting(value -> value.getName() + "=" + value.getValue())
                .containsExactly("BASE=https://shop.example.org", "LEVEL=smoke");
        attempt = 2;
        name = "e2e";
        assertThat(look(verify())).isEqualTo(impossible("the job 'e2e' does not declare the parameter 'BASE'"));
    }

    @Test
    void aSecretDoesNotComeFromTheConfigRepository() {
        StandIn.current().withItem(new BuiltJob(team, "guarded", new StringParameterDefinition("TOKEN", "", null) {
            @Override
            public ParameterValue createValue(String value) {
                return new StringParameterValue(getName(), value) {
                    @Override
                    public boolean isSensitive() {
                        return true;
                    }
                };
            }
        }));
        name = "guarded";
        parameters = Map.of("TOKEN", "s3cr3t");

        assertThat(look(verify()))
                .isEqualTo(impossible("the job 'guarded' cannot be started: the parameter 'TOKEN' is a secret, which"
                        + " gitops.yaml must not contain"));
        assertThat(queue.waiting()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # job        | user | starters | who may build | found
        e2e          | -    | -        | -             | true
        other/theirs | -    | -        | -             | false
        other/theirs | -    | dora     | -             | false
        other/theirs | -    | dora     | dora          | true
        other/theirs | -    | dora eve | dora          | false
        other/theirs | -    | gone     | dora          | false
        nowhere      | -    | dora     | dora          | false
        e2e          | dora | -        | -             | false
        e2e          | dora | -        | dora          | true
        e2e          | eve  | dora     | dora          | false
        other/theirs | dora | -        | dora          | true
        other/theirs | eve  | -        | eve           | false
        e2e          | gone | dora     | dora          | false
        """)
    void onlyWhatTheRunMayBuildIsBuilt(String job, String user, String starters, String allowed, boolean found) {
        name = job;
        if (allowed != null) {
            mayBuild.add(allowed);
        }

        Sample look =
                look(verify(new RunIdentity(user, starters == null ? List.of() : List.of(starters.split(" ")), null)));

        assertThat(look)
                .isEqualTo(
                        found
                                ? missed(job + " waits in the build queue")
                                : impossible("there is no job '" + job + "' that this run may build"));
        assertThat(queue.waiting()).hasSize(found ? 1 : 0);
    }

    @Test
    void whatLiesInNoFolderBuildsNothingInOne() {
        BuiltJob top = new BuiltJob(Jenkins.get(), "top");
        StandIn.current().withItem(top).withItem(new BuiltJob(Jenkins.get(), "beside"));

        assertThat(RunIdentity.UNKNOWN.buildable("beside", top)).isPresent();
        assertThat(RunIdentity.UNKNOWN.buildable("team/e2e", top)).isEmpty();
    }
}
