package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jenkins » acme » shop » deploy: a job in a folder in a folder. */
class GitOpsSettingsTest {

    @TempDir
    private Path home;

    private Folder acme;
    private Folder shop;
    private Item job;

    @BeforeEach
    void folders() throws Exception {
        StandIn jenkins = new StandIn().install().withRootDir(home.toFile()).withExtension(new GitOpsServices());
        acme = new Folder(Jenkins.get(), "acme");
        shop = new Folder(acme, "shop");
        jenkins.withItem(acme).withItem(shop);
        job = Pipelines.run(shop, "deploy").getParent();
    }

    @Test
    void aJobMayNameWhatItsFoldersAndJenkinsConfigureTheNearestFirst() throws Exception {
        inJenkins("everybody");
        configure(acme, "company");
        configure(shop, "team");

        assertThat(addresses(GitOpsSettings.repositories(job)))
                .containsExactly(
                        "https://git.example.com/acme/shop/team.git",
                        "https://git.example.com/acme/company.git",
                        "https://git.example.com/everybody.git");
    }

    @Test
    void theNearestHidesOthersOfItsName() throws Exception {
        inJenkins("config", "other");
        configure(acme, "config");
        configure(shop, "config");

        assertThat(addresses(GitOpsSettings.repositories(job)))
                .containsExactly("https://git.example.com/acme/shop/config.git", "https://git.example.com/other.git");
        assertThat(addresses(GitOpsSettings.repositories(acme)))
                .containsExactly("https://git.example.com/acme/config.git", "https://git.example.com/other.git");
    }

    /** The name means the folder's own; the address of the other one, that one with what Jenkins has for it. */
    @Test
    void aNameThatTheFolderAndJenkinsHaveMeansTheFoldersOwnForItsJobsAlone() throws Exception {
        inJenkins("config");
        configure(shop, "config");

        assertThat(new RepositoryChoice("config", null, null).open(job).url())
                .isEqualTo("https://git.example.com/acme/shop/config.git");
        assertThat(new RepositoryChoice(null, null, null).open(job).url())
                .isEqualTo("https://git.example.com/acme/shop/config.git");
        assertThat(new RepositoryChoice("config", null, null)
                        .open(Pipelines.run("elsewhere").getParent())
                        .url())
                .isEqualTo("https://git.example.com/config.git");
        assertThat(new RepositoryChoice("config", null, null).shared(job)).isEmpty();
    }

    @Test
    void whatAFolderConfiguresIsNotSeenOutsideOfIt() throws Exception {
        inJenkins("config");
        configure(acme, "company");
        configure(shop, "team");

        assertThat(addresses(GitOpsSettings.repositories(null))).containsExactly("https://git.example.com/config.git");
        assertThat(addresses(GitOpsSettings.repositories(new Folder(acme, "billing"))))
                .doesNotContain("https://git.example.com/acme/shop/team.git");
        Item outside = Pipelines.run("elsewhere").getParent();
        assertThatThrownBy(() -> new RepositoryChoice("team", null, null).open(outside))
                .isInstanceOf(UnknownNameException.class);
    }

    @Test
    void aStepOpensWhatItsFolderConfigures() throws Exception {
        configure(shop, "config");

        OpenedRepository opened = new RepositoryChoice(null, null, null).open(Pipelines.run(shop, "deploy"));

        assertThat(opened.url()).isEqualTo("https://git.example.com/acme/shop/config.git");
        assertThat(new RepositoryChoice(null, null, null).shared(job)).isEmpty();
    }

    @Test
    void withoutANameTheOnlyOneOfTheNearestPlaceIsMeant() throws Exception {
        inJenkins("one", "two");
        configure(acme, "company");
        GitOpsConfiguration.get().setArgoCdConnections(List.of(server("everybody", "token")));
        connections(shop, server("dev", "shop-token"), server("prod", "shop-token"));

        assertThat(new RepositoryChoice(null, null, null)
                        .open(Pipelines.run(shop, "deploy"))
                        .name())
                .isEqualTo("company");
        assertThat(GitOpsSettings.argoCdConnection(acme, null)).isEqualTo("everybody");
        assertThatThrownBy(() -> GitOpsSettings.argoCdConnection(job, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("one of dev, prod");
    }

    @Test
    void aConnectionIsOpenedWithCredentialsOfTheFolderThatHasIt() throws Exception {
        connections(acme, server("prod", "acme-token"));
        connections(shop, server("dev", "shop-token"));
        StandIn.current().withCredential(new Token("acme-token")).withCredential(new Token("shop-token"));

        assertThat(GitOpsSettings.argoCdConnection(job, "prod")).isEqualTo("acme » prod");
        assertThat(GitOpsSettings.argoCdConnection(job, "dev")).isEqualTo("acme/shop » dev");
        GitOpsSettings.openArgoCd("acme » prod").close();
        GitOpsSettings.openArgoCd("acme/shop » dev").close();
    }

    @Test
    void aConnectionThatItsFolderNoLongerHasIsNotTakenFromElsewhere() throws Exception {
        GitOpsConfiguration.get().setArgoCdConnections(List.of(server("prod", "token")));

        assertThatThrownBy(() -> GitOpsSettings.openArgoCd("acme » prod"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'acme » prod' is no longer configured");
        assertThatThrownBy(() -> GitOpsSettings.openArgoCd("deleted » prod"))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aFolderDoesNotLendTheControllersOwnIdentity() throws Exception {
        ArgoCdConnection pod = new ArgoCdConnection("pod", ArgoCdConnection.Kind.KUBERNETES);
        ArgoCdConnection eks = new ArgoCdConnection("eks", ArgoCdConnection.Kind.KUBERNETES);
        eks.setUrl("https://0123456789.gr7.eu-west-1.eks.amazonaws.com");
        eks.setEksCluster("acme");
        eks.setEksRegion("eu-west-1");
        connections(acme, pod, eks);

        assertThatThrownBy(() -> GitOpsSettings.openArgoCd("acme » pod"))
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("service account");
        assertThatThrownBy(() -> GitOpsSettings.openArgoCd("acme » eks"))
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("AWS identity");
    }

    @Test
    void ofEachDefaultTheNearestPlaceThatSaysOneHasIt() throws Exception {
        ConfiguredDefaults everywhere = new ConfiguredDefaults();
        everywhere.setAuthorName("Jenkins");
        everywhere.setAuthorEmail("jenkins@acme.example");
        everywhere.setSyncTimeoutMinutes(20);
        GitOpsConfiguration.get().setDefaults(everywhere);
        ConfiguredDefaults team = new ConfiguredDefaults();
        team.setAuthorName("Shop team");
        team.setSyncTimeoutMinutes(-1);
        team.setUnpullableGrace("3m");
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setDefaults(team);
        acme.addProperty(property);
        configure(shop, "config");

        ConfiguredDefaults here = GitOpsSettings.defaults(job);

        assertThat(here.getAuthorName()).isEqualTo("Shop team");
        assertThat(here.getAuthorEmail()).isEqualTo("jenkins@acme.example");
        assertThat(here.syncTimeout()).contains(Duration.ofMinutes(20));
        assertThat(here.stuckPods()).contains(Duration.ofMinutes(3));
        assertThat(here.getSigningKeyId()).isNull();
        assertThat(GitOpsSettings.defaults(null).getAuthorName()).isEqualTo("Jenkins");
        assertThat(new RepositoryChoice(null, null, null)
                        .open(Pipelines.run(shop, "deploy"))
                        .author())
                .isEqualTo(new Identity("Shop team", "jenkins@acme.example"));
    }

    @Test
    void aRepositoryThatNamesItsAuthorNeedsNoDefault() throws Exception {
        ConfiguredDefaults everywhere = new ConfiguredDefaults();
        everywhere.setAuthorName("Jenkins");
        GitOpsConfiguration.get().setDefaults(everywhere);
        ConfiguredRepository own = new ConfiguredRepository("own", "https://git.example.com/own.git");
        own.setAuthorName("Release bot");
        GitOpsConfiguration.get().setRepositories(List.of(own));

        assertThat(new RepositoryChoice(null, null, null)
                        .open(Pipelines.run("deploy"))
                        .author()
                        .name())
                .isEqualTo("Release bot");
    }

    /** A folder of the same names may be another team's. */
    @Test
    void aRepositoryIsOpenedAndSignedForWithCredentialsOfThePlaceThatConfiguresIt() throws Exception {
        Token token = new Token("bot");
        StandIn.current().withCredential(acme, token);
        StandIn.current().withCredential(shop, new PrivateKey("bot", "", ""));
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        ConfiguredRepository repository = new ConfiguredRepository("config", "https://git.example.com/acme/config.git");
        repository.setCredentialsId("bot");
        property.setRepositories(List.of(repository));
        acme.addProperty(property);
        Run<?, ?> run = Pipelines.run(shop, "deploy");

        new RepositoryChoice("config", null, null).open(run);

        assertThat(StandIn.current().usedBy(run)).containsExactly(token);
    }

    /** Who may configure a folder does not thereby say who signs for everybody. */
    @Test
    void defaultsOfAFolderSayNothingOfARepositoryAroundIt() throws Exception {
        inJenkins("config");
        ConfiguredDefaults team = new ConfiguredDefaults();
        team.setAuthorName("Shop team");
        team.setSigningKeyId("shop-key");
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setDefaults(team);
        shop.addProperty(property);

        assertThat(new RepositoryChoice(null, null, null)
                        .open(Pipelines.run(shop, "deploy"))
                        .author()
                        .name())
                .isEqualTo("Jenkins GitOps");
        assertThat(GitOpsSettings.defaultSigningKey(null)).isEmpty();
        assertThat(GitOpsSettings.defaultSigningKey(shop).orElseThrow().id()).isEqualTo("shop-key");
    }

    private static List<String> addresses(List<ConfiguredRepository> repositories) {
        return repositories.stream().map(ConfiguredRepository::getUrl).toList();
    }

    private static ArgoCdConnection server(String name, String token) {
        ArgoCdConnection connection = new ArgoCdConnection(name, ArgoCdConnection.Kind.SERVER);
        connection.setUrl("https://argocd.example.com");
        connection.setCredentialsId(token);
        return connection;
    }

    private static void inJenkins(String... names) {
        GitOpsConfiguration.get().setRepositories(repositories("", names));
    }

    private static void configure(Folder folder, String... names) throws IOException {
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setRepositories(repositories(folder.getFullName() + "/", names));
        folder.addProperty(property);
    }

    private static void connections(Folder folder, ArgoCdConnection... connections) throws IOException {
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setArgoCdConnections(List.of(connections));
        folder.addProperty(property);
    }

    private static List<ConfiguredRepository> repositories(String place, String... names) {
        return Stream.of(names)
                .map(name -> new ConfiguredRepository(name, "https://git.example.com/" + place + name + ".git"))
                .toList();
    }

    private static final class Folder extends AbstractFolder<TopLevelItem> {
        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }
}
