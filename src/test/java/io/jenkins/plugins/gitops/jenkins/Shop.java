package io.jenkins.plugins.gitops.jenkins;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ConfigTree;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;

/**
 * What is outside of Jenkins: a config repository on a Git server, and an Argo CD that watches it. Version 1.0.0 of the
 * shop runs in dev, staging and prod; only prod has a gate.
 */
final class Shop implements AutoCloseable {

    static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images:
              api: ghcr.io/acme/shop-api
            environments:
              dev:
                kustomization: envs/dev/kustomization.yaml
                argocd: { application: shop-dev }
              staging:
                after: dev
                kustomization: envs/staging/kustomization.yaml
                argocd: { application: shop-staging }
              prod:
                after: dev
                kustomization: envs/prod/kustomization.yaml
                argocd: { application: shop-prod }
                gate:
                  approvals: { required: 1, from: [release-managers] }
        """;

    /** Version 1.1.0 goes to dev, and through its gate to prod. */
    static final String TO_PROD = """
        pipeline {
            agent none
            stages {
                stage('prod') {
                    steps {
                        gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'
                        gitopsAwaitSync application: 'shop', environment: 'dev'
                        gitopsPromote application: 'shop', environment: 'prod'
                        gitopsAwaitSync application: 'shop', environment: 'prod'
                    }
                }
            }
        }
        """;

    private static final String KUSTOMIZATION = """
        resources:
          - ../../base
        images:
          - name: ghcr.io/acme/shop-api
            newTag: "1.0.0" # the version of the shop
        """;

    private static final String REPOSITORY = "config.git";
    private static final List<String> ENVIRONMENTS = List.of("dev", "staging", "prod");
    private static final Pattern TAG = Pattern.compile("newTag: \"?(?<tag>[^\"\\s]+)");

    private final GitHttpServer server;
    private final Path bare;
    private final SimulatedArgoCd argoCd;

    Shop(@NonNull Path folder) throws IOException {
        server = new GitHttpServer(Files.createDirectories(folder.resolve("served")));
        bare = server.create(REPOSITORY);
        push(Files.createDirectories(folder.resolve("work")));
        argoCd = new SimulatedArgoCd(bare, SimulatedArgoCd.Pace.FAST, InstantSource.system());
        for (String environment : ENVIRONMENTS) {
            argoCd.add(new SimulatedArgoCd.Definition(
                    application(environment),
                    url(),
                    "main",
                    "envs/" + environment,
                    SimulatedArgoCd.Syncing.AUTOMATIC,
                    tree -> images(tree, environment)));
        }
    }

    private void push(Path work) throws IOException {
        TestGit.run(work, "init", "--quiet", "--initial-branch=main");
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION);
        for (String environment : ENVIRONMENTS) {
            Files.createDirectories(work.resolve("envs").resolve(environment));
            Files.writeString(work.resolve(file(environment)), KUSTOMIZATION);
        }
        TestGit.run(work, "add", "--all");
        TestGit.run(work, "commit", "--quiet", "--message=Start");
        TestGit.run(work, "push", "--quiet", bare.toString(), "main");
    }

    private static List<String> images(ConfigTree tree, String environment) {
        Matcher tag = TAG.matcher(tree.read(file(environment)).orElseThrow());
        return tag.find() ? List.of("ghcr.io/acme/shop-api:" + tag.group("tag")) : List.of();
    }

    @NonNull
    static String file(@NonNull String environment) {
        return "envs/" + environment + "/kustomization.yaml";
    }

    /** The Argo CD Application of an environment. */
    @NonNull
    static ApplicationName application(@NonNull String environment) {
        return new ApplicationName("argocd", "shop-" + environment);
    }

    /** Tells this Jenkins where the repository and the cluster are. */
    static void configure(@NonNull String repositoryUrl, @NonNull String clusterUrl) {
        ArgoCdConnection connection = new ArgoCdConnection("cluster", ArgoCdConnection.Kind.KUBERNETES);
        connection.setUrl(clusterUrl);
        GitOpsConfiguration.get().setRepositories(List.of(new ConfiguredRepository("config", repositoryUrl)));
        GitOpsConfiguration.get().setArgoCdConnections(List.of(connection));
    }

    void configure() {
        configure(url(), argoCd.url());
    }

    /** A sandboxed Pipeline. */
    @NonNull
    static WorkflowJob pipeline(
            @NonNull ModifiableTopLevelItemGroup place, @NonNull String name, @NonNull String script)
            throws IOException {
        WorkflowJob job = (WorkflowJob) place.createProject(
                jenkins.model.Jenkins.get().getDescriptorByType(WorkflowJob.DescriptorImpl.class), name, true);
        try {
            job.setDefinition(new CpsFlowDefinition(script, true));
        } catch (hudson.model.Descriptor.FormException e) {
            throw new AssertionError(e);
        }
        return job;
    }

    @NonNull
    String url() {
        return server.url(REPOSITORY);
    }

    @NonNull
    GitHttpServer server() {
        return server;
    }

    @NonNull
    SimulatedArgoCd argoCd() {
        return argoCd;
    }

    /** The tag that an environment's file has. */
    @NonNull
    String tag(@NonNull String environment) {
        String content = TestGit.output(bare, "show", "main:" + file(environment));
        return TAG.matcher(content)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no tag in " + content));
    }

    /** Commits made since the start. */
    int commits() {
        return Integer.parseInt(TestGit.output(bare, "rev-list", "--count", "main")) - 1;
    }

    /** The newest commit's message. */
    @NonNull
    String message() {
        return TestGit.output(bare, "log", "-1", "--format=%B", "main");
    }

    /** What git says of the newest commit's signature: G for a good one of the key, and whose it is. */
    @NonNull
    String signature(@NonNull String allowedSigner) throws IOException {
        Path allowed = bare.resolveSibling("allowed");
        Files.writeString(allowed, allowedSigner);
        return TestGit.output(
                bare, "-c", "gpg.ssh.allowedSignersFile=" + allowed, "log", "-1", "--format=%G? %GS", "main");
    }

    /** Lines that the newest commit removed and added. */
    @NonNull
    List<String> changes() {
        return TestGit.output(bare, "show", "--unified=0", "--format=", "main")
                .lines()
                .filter(line -> line.matches("[-+][^-+].*"))
                .toList();
    }

    @Override
    public void close() {
        argoCd.close();
        server.close();
    }
}
