package io.jenkins.plugins.gitops.playground.controller;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.playground.run.People;
import io.jenkins.plugins.gitops.playground.step.PluginSteps;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import io.jenkins.plugins.gitops.playground.world.PullRequestServer;
import io.jenkins.plugins.gitops.playground.world.World;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.security.core.Authentication;

/** The stand-in for a Jenkins controller, with the plugin installed and configured for a {@link World}. */
public final class Controller implements AutoCloseable {

    /** Who may override a gate. */
    private static final String BREAK_GLASS = "on-call";

    private final StandIn jenkins = new StandIn();

    /**
     * @param home what would be JENKINS_HOME
     * @param rootUrl address of the page, with a final slash
     */
    public Controller(@NonNull World world, @NonNull Path home, @NonNull String rootUrl)
            throws IOException, InstantiationException {
        this(world.pullRequests().cloneUrl(), world.cluster(), home, rootUrl);
    }

    /**
     * @param repository address of the config repository
     * @param home what would be JENKINS_HOME
     * @param rootUrl address of the page, with a final slash
     */
    public Controller(
            @NonNull String repository, @NonNull Cluster watching, @NonNull Path home, @NonNull String rootUrl)
            throws IOException, InstantiationException {
        jenkins.install()
                .withRootUrl(rootUrl)
                .withRootDir(Files.createDirectories(home).toFile())
                .withAccess((who, permission, where) -> mayDo(who, permission));
        jenkins.withCredential(SecretText.CLUSTER_TOKEN);
        People.registerWith(jenkins);
        PluginSteps.registerExtensions(jenkins);
        configure(repository, watching);
    }

    private static void configure(String url, Cluster watching) {
        ConfiguredRepository repository = new ConfiguredRepository("config", url);
        ArgoCdConnection cluster = new ArgoCdConnection("cluster", ArgoCdConnection.Kind.KUBERNETES);
        cluster.setUrl(watching.url());
        cluster.setCredentialsId(SecretText.CLUSTER_TOKEN.id());
        cluster.setNamespace(Cluster.NAMESPACE);
        GitOpsConfiguration configuration = GitOpsConfiguration.get();
        configuration.setAllowedCheckHosts(List.of("127.0.0.1"));
        configuration.setRepositories(List.of(repository));
        configuration.setArgoCdConnections(List.of(cluster));
        configuration.setReviewers(People.ALL.stream()
                .map(member -> "127.0.0.1/" + PullRequestServer.LOGIN + member.id() + ": " + member.id())
                .toList());
    }

    /** Everybody may do everything here, but for the override. */
    private static boolean mayDo(Authentication who, Permission permission) {
        return !permission.name.equals("Override")
                || who.getAuthorities().stream()
                        .anyMatch(authority -> authority.getAuthority().equals(BREAK_GLASS));
    }

    @NonNull
    public StandIn jenkins() {
        return jenkins;
    }

    /** Stops the plugin as a controller that is shut down does. */
    @Override
    public void close() throws IOException {
        jenkins.install();
        GitOpsServices.terminate();
    }
}
