package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel.Option;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits to a real Git server, signed with the key that is configured, verified by git. */
class SigningKeysTest {

    private static final String PHRASE = "correct horse";

    @TempDir
    private Path folder;

    private GitHttpServer server;
    private Path bare;
    private ConfiguredRepository configured;
    private Run<?, ?> run;

    @BeforeEach
    void start() throws Exception {
        new StandIn().install().withRootDir(folder.toFile()).withExtension(new GitOpsServices());
        server = new GitHttpServer(Files.createDirectories(folder.resolve("served")));
        bare = server.create("config.git");
        String begin = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", begin);
        configured = new ConfiguredRepository("config", server.url("config.git"));
        configured.setAuthorEmail("bot@acme.example");
        configured.setSigningKeyId("signer");
        GitOpsConfiguration.get().setRepositories(List.of(configured));
        run = Pipelines.run("shop");
    }

    @AfterEach
    void stop() throws Exception {
        GitOpsServices.terminate();
        server.close();
    }

    @Test
    void gitVerifiesTheCommitsOfARepositoryWithASigningKey() throws Exception {
        PrivateKey key = key("signer", PHRASE);
        StandIn.current().withCredential(key);

        String commit = commit(open()).commit();

        assertThat(verified(commit, "signer")).isEqualTo("G bot@acme.example");
        assertThat(StandIn.current().usedBy(run)).containsExactly(key);
    }

    @Test
    void aCommitIsNotTheWorkOfAnotherKey() throws Exception {
        StandIn.current().withCredential(key("signer", ""));
        key("stranger", "");

        assertThat(verified(commit(open()).commit(), "stranger")).startsWith("U");
    }

    @Test
    void ordersOnPagesAreSignedAsWell() throws Exception {
        StandIn.current().withCredential(key("signer", ""));

        OpenedRepository opened = new RepositoryChoice(null, null, null).openForOrders(run.getParent());

        assertThat(verified(commit(opened).commit(), "signer")).startsWith("G");
        assertThat(StandIn.current().usedBy(run.getParent())).hasSize(1);
    }

    @Test
    void theDefaultKeySignsWhereARepositoryNamesNone() throws Exception {
        StandIn.current().withCredential(key("everybodys", ""));
        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setSigningKeyId("everybodys");
        GitOpsConfiguration.get().setDefaults(defaults);
        configured.setSigningKeyId(null);

        assertThat(verified(commit(open()).commit(), "everybodys")).startsWith("G");
    }

    @Test
    void withoutItsKeyNothingIsCommittedAndReadingGoesOn() {
        OpenedRepository opened = open();

        String tip = opened.repository().tip("main", Progress.SILENT).commit();
        assertThatThrownBy(() -> commit(opened))
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("no credentials 'signer'")
                .hasMessageContaining("to sign commits");

        assertThat(TestGit.output(bare, "rev-parse", "main")).isEqualTo(tip);
    }

    @Test
    void credentialsThatDoNotSignAreSaidInTheForm() throws Exception {
        String text = SshKeygen.key(folder.resolve("kept"), "ecdsa", PHRASE);
        StandIn.current()
                .withCredential(new Token("token"))
                .withCredential(new PrivateKey("noise", "not a key", ""))
                .withCredential(key("signer", PHRASE))
                .withSystemCredential(new PrivateKey("kept", text, PHRASE, CredentialsScope.SYSTEM));

        assertThat(check("token").getMessage()).contains("choose an SSH key");
        assertThat(check("noise").getMessage()).contains("cannot be read");
        assertThat(check("gone").getMessage()).contains("no credentials");
        assertThat(check("signer").kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(check("signer").getMessage()).contains("Every job can bind these credentials");
        assertThat(check("kept").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(check("").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(SigningKeys.choices(null, "").stream().map((Option option) -> option.value))
                .containsExactlyInAnyOrder("", "noise", "signer", "kept");
    }

    private static FormValidation check(String id) {
        return SigningKeys.check(null, id, InstantSource.system());
    }

    private OpenedRepository open() {
        return new RepositoryChoice(null, null, null).open(run);
    }

    private PrivateKey key(String name, String phrase) throws Exception {
        return new PrivateKey(name, SshKeygen.key(folder.resolve(name), "ecdsa", phrase), phrase);
    }

    /** What git says of the signature, knowing one key's public half: G or another letter, and whose it is. */
    private String verified(String commit, String key) throws Exception {
        Path allowed = folder.resolve("allowed");
        Files.writeString(allowed, "bot@acme.example " + SshKeygen.publicHalf(folder.resolve(key)));
        return TestGit.output(
                bare, "-c", "gpg.ssh.allowedSignersFile=" + allowed, "log", "-1", "--format=%G? %GS", commit);
    }

    private static CommitOutcome commit(OpenedRepository opened) {
        return opened.repository()
                .commit(
                        new CommitRequest(
                                "main",
                                UUID.randomUUID().toString(),
                                "Write a file",
                                "",
                                List.of(),
                                opened.author(),
                                tip -> Map.of("file", "content\n".getBytes(StandardCharsets.UTF_8))),
                        Progress.SILENT);
    }
}
