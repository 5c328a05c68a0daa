package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.AbortException;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.status.StatusStep;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What whoever writes a Pipeline can do to a config repository that Jenkins configures, with credentials and a signing
 * key that Jenkins has for itself.
 */
@Timeout(180)
class JobAuthorTest {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            jobs: [team-shop/**, platform/*/shop]
            images:
              api: ghcr.io/acme/shop-api
            environments:
              dev:
                kustomization: dev/kustomization.yaml
              prod:
                after: dev
                kustomization: prod/kustomization.yaml
        """;

    private static final String KUSTOMIZATION = """
        images:
          - name: ghcr.io/acme/shop-api
            newTag: %s
        """;

    private static final String NOT_A_BRANCH = "is not the name of a branch; write it as 'git branch' shows it";

    @TempDir
    private Path folder;

    private GitHttpServer server;
    private Folder team;

    @BeforeEach
    void jenkins() throws Exception {
        Path work = folder.resolve("work");
        write(work, "gitops.yaml", DECLARATION);
        write(work, "dev/kustomization.yaml", KUSTOMIZATION.formatted("1.1.0"));
        write(work, "prod/kustomization.yaml", KUSTOMIZATION.formatted("1.0.0"));
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        write(work, "gitops.yaml", DECLARATION.replaceFirst("    jobs: .*\n", ""));
        TestGit.run(work, "commit", "-q", "-a", "-m", "Let everybody in");
        server = new GitHttpServer(Files.createDirectories(folder.resolve("git")));
        for (String name : new String[] {"config.git", "other.git"}) {
            String bare = server.create(name).toString();
            TestGit.run(work, "push", "-q", bare, "HEAD~1:refs/heads/main", "HEAD:refs/heads/evil");
            TestGit.run(work, "push", "-q", bare, "HEAD:refs/pull/7/head", "HEAD:refs/tags/v7");
        }
        server.require("x-access-token", "s3cret");
        new StandIn()
                .install()
                .withRootDir(folder.resolve("home").toFile())
                .withExtension(new GitOpsServices())
                .withSystemCredential(new Token("bot"))
                .withSystemCredential(
                        new PrivateKey("signer", SshKeygen.key(folder.resolve("signer"), "ecdsa", ""), ""));
        team = new Folder(Jenkins.get(), "team-shop");
        StandIn.current().withCredential(team, new Token("teams-own"));
        ConfiguredRepository repository = new ConfiguredRepository("config", server.url("config.git"));
        repository.setCredentialsId("bot");
        repository.setAuthorName("Release bot");
        repository.setAuthorEmail("bot@acme.example");
        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setSigningKeyId("signer");
        GitOpsConfiguration.get().setDefaults(defaults);
        GitOpsConfiguration.get().setRepositories(List.of(repository));
    }

    @AfterEach
    void stop() throws Exception {
        GitOpsServices.terminate();
        server.close();
    }

    @Test
    void aJobCommitsWithCredentialsAndAKeyThatItCannotFind() throws Exception {
        Run<?, ?> run = Pipelines.run(team, "deploy");

        run(run, bump(step -> {}));

        assertThat(git("config.git", "show", "main:dev/kustomization.yaml")).contains("newTag: 2.0.0");
        assertThat(signature("config.git")).isEqualTo("G Release bot");
        assertThat(StandIn.current().usedBy(run)).as("recorded").hasSize(2);
        assertThat(CredentialLookup.of(run).find("bot", List.of())).isNull();
        assertThat(CredentialLookup.of(run).find("signer", List.of())).isNull();
        assertThat(CredentialLookup.in(run.getParent()).find("bot", List.of())).isNull();
    }

    @Test
    void anAddressIsOpenedWithTheRunsOwnCredentialsAndGetsNeitherAuthorNorSignature() throws Exception {
        Run<?, ?> run = Pipelines.run(team, "deploy");

        run(run, bump(step -> {
            step.setRepository(server.url("other.git"));
            step.setCredentialsId("teams-own");
            step.setBranch("evil");
        }));

        assertThat(git("other.git", "show", "evil:dev/kustomization.yaml")).contains("newTag: 2.0.0");
        assertThat(git("other.git", "log", "-1", "--format=%G? %an", "evil")).isEqualTo("N Jenkins GitOps");
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                way("credentials of the step", step -> step.setCredentialsId("teams-own"), "remove 'credentialsId'"),
                way("credentials of Jenkins", step -> step.setCredentialsId("bot"), "remove 'credentialsId'"),
                way("another branch", step -> step.setBranch("evil"), "configured branch 'main' of 'config' alone"),
                way("a ref", step -> step.setBranch("refs/pull/7/head"), "remove 'branch'"),
                way("a tag", step -> step.setBranch("v7"), "remove 'branch'"));
    }

    private static Arguments way(String name, Consumer<ConfigRepositoryStep> parameters, String sentence) {
        return Arguments.of(name, parameters, sentence);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void whatTheConfigurationSetsNoStepOverrides(
            String name, Consumer<ConfigRepositoryStep> parameters, String sentence) throws Exception {
        for (String repository :
                new String[] {null, "config", address(), address().replace(".git", "/")}) {
            Consumer<ConfigRepositoryStep> all = step -> {
                parameters.accept(step);
                step.setRepository(repository);
            };
            for (ConfigRepositoryStep step : new ConfigRepositoryStep[] {bump(all), promote(all), rollBack(all)}) {
                assertRefused(Pipelines.run(team, "deploy"), step, sentence);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/pull/7/head", "refs/tags/v7", "HEAD", "HEAD~1", "main@{1}", "a b"})
    void aRefIsNoBranchOfAnAddressNorOfAFile(String ref) throws Exception {
        assertRefused(
                Pipelines.run(team, "deploy"),
                bump(step -> {
                    step.setRepository(server.url("other.git"));
                    step.setCredentialsId("teams-own");
                    step.setBranch(ref);
                }),
                NOT_A_BRANCH);
        assertRefused(Pipelines.run(team, "deploy"), file(step -> step.setBranch(ref)), NOT_A_BRANCH);
    }

    /** What it has no rule for, it may be part of: a base of prod, for example. */
    @Test
    void aFileThatTheDeclarationDoesNotNameIsNoWayAroundIt() throws Exception {
        String sentence = "is of no environment, but gitops.yaml has gates or jobs that a bump of it may go around";
        assertRefused(Pipelines.run(team, "deploy"), file(step -> step.setFile("base/kustomization.yaml")), sentence);
        assertRefused(Pipelines.run(team, "deploy"), file(step -> step.setBranch("evil")), sentence);

        assertThat(run(Pipelines.run(team, "deploy"), file(step -> {})).get("changed"))
                .as("one that it names may be bumped by the job that may")
                .isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"deploy", "team-shopping/deploy", "team/team-shop/deploy", "platform/shop", "platform/a/b/shop"})
    void aJobThatTheApplicationDoesNotNameChangesNothingOfIt(String job) throws Exception {
        Run<?, ?> run = Pipelines.run(job);
        String sentence =
                "The job '" + job + "' cannot change 'shop': 'applications.shop.jobs' in gitops.yaml allows only"
                        + " team-shop/**, platform/*/shop;";

        assertRefused(run, bump(step -> {}), sentence);
        assertRefused(run, file(step -> {}), sentence);
        assertRefused(run, promote(step -> {}), sentence);
        assertRefused(run, rollBack(step -> {}), sentence);
        assertRefused(run, rollBack(step -> step.setLift("it is mended")), sentence);

        Map<?, ?> status = run(run, new StatusStep("shop"));
        assertThat(status.get("application")).as("reading is for all").isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"team-shop/deploy", "team-shop/a/b", "platform/eu/shop"})
    void aJobThatItNamesMay(String job) throws Exception {
        assertThat(run(Pipelines.run(job), bump(step -> {})).get("changed")).isEqualTo(true);
        assertThat(run(Pipelines.run(job), promote(step -> {})).get("changed")).isEqualTo(true);
    }

    @Test
    void anAdministratorForbidsAddresses() throws Exception {
        GitOpsConfiguration.get().setOnlyConfiguredRepositories(true);

        assertRefused(
                Pipelines.run(team, "deploy"),
                bump(step -> {
                    step.setRepository(server.url("other.git"));
                    step.setCredentialsId("teams-own");
                }),
                "'Only configured repositories' under Manage Jenkins » System » GitOps Promotion forbids addresses");
        assertThat(run(Pipelines.run(team, "deploy"), bump(step -> step.setRepository(address())))
                        .get("changed"))
                .as("the address of a configured one means that")
                .isEqualTo(true);
    }

    private String address() {
        return server.url("config.git");
    }

    private static BumpImageStep bump(Consumer<? super BumpImageStep> parameters) {
        BumpImageStep step = new BumpImageStep();
        step.setApplication("shop");
        step.setEnvironment("dev");
        step.setTag("2.0.0");
        parameters.accept(step);
        return step;
    }

    private static BumpImageStep file(Consumer<? super BumpImageStep> parameters) {
        BumpImageStep step = new BumpImageStep();
        step.setFile("prod/kustomization.yaml");
        step.setImage("ghcr.io/acme/shop-api:2.0.0");
        parameters.accept(step);
        return step;
    }

    private static PromoteStep promote(Consumer<? super PromoteStep> parameters) {
        PromoteStep step = new PromoteStep("shop", "prod");
        parameters.accept(step);
        return step;
    }

    private static RollbackStep rollBack(Consumer<? super RollbackStep> parameters) {
        RollbackStep step = new RollbackStep("shop");
        step.setEnvironment("prod");
        parameters.accept(step);
        return step;
    }

    private static Map<?, ?> run(Run<?, ?> run, ConfigRepositoryStep step) throws Exception {
        RecordedStepContext context = new RecordedStepContext(run);
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }

    private void assertRefused(Run<?, ?> run, ConfigRepositoryStep step, String sentence) throws Exception {
        String before = refs();
        try {
            run(run, step);
            throw new AssertionError(step + " was not refused");
        } catch (ExecutionException refused) {
            assertThat(refused.getCause()).isInstanceOf(AbortException.class);
            assertThat(refused.getCause().getMessage()).contains(sentence).doesNotContain("\n");
        }
        assertThat(refs()).isEqualTo(before);
    }

    private String refs() {
        return git("config.git", "for-each-ref") + git("other.git", "for-each-ref");
    }

    private String git(String repository, String... arguments) {
        return TestGit.output(folder.resolve("git").resolve(repository), arguments);
    }

    private String signature(String repository) throws Exception {
        Path allowed = folder.resolve("allowed");
        Files.writeString(allowed, "bot@acme.example " + SshKeygen.publicHalf(folder.resolve("signer")));
        return git(repository, "-c", "gpg.ssh.allowedSignersFile=" + allowed, "log", "-1", "--format=%G? %an", "main");
    }

    private static void write(Path root, String file, String text) throws Exception {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static final class Folder extends AbstractFolder<TopLevelItem> {
        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }
}
