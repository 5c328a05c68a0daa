package io.jenkins.plugins.gitops.playground.world;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.playground.SourceTree;
import io.jenkins.plugins.gitops.playground.page.Surroundings;
import io.jenkins.plugins.gitops.playground.sample.Git;
import io.jenkins.plugins.gitops.playground.sample.SampleFolder;
import io.jenkins.plugins.gitops.playground.sample.YearOfDeployments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is outside of Jenkins: the config repository on a Git server, and a cluster whose Argo CD watches it. */
public final class World implements Surroundings, AutoCloseable {

    private static final String REPOSITORY = "config.git";
    private static final String FIELD = "\u001f";

    /** Of the shop in an environment, in the declarations of examples. */
    private static final Pattern SHOP = Pattern.compile("http://shop\\.([a-z]+)\\.example\\.org");

    /** Ends the tags of versions whose pods are ready and that do not work. */
    private static final String BROKEN = "-broken";

    private final SourceTree tree;
    private final SimulatedShop shop;
    private final Git bare;
    private final GitHttpServer server;
    private final PullRequestServer pullRequests;
    private final Cluster cluster;

    /** @param folder empty; everything is kept in there */
    public World(@NonNull SourceTree tree, @NonNull Path folder, @NonNull SimulatedArgoCd.Pace pace)
            throws IOException {
        this.tree = tree;
        bare = SampleFolder.config(tree.root())
                .createBareRepository(Files.createDirectories(folder).resolve(REPOSITORY));
        server = new GitHttpServer(folder);
        pullRequests = new PullRequestServer(bare, cloneUrl());
        cluster = new Cluster(bare.directory(), cloneUrl(), declaration(), pace);
        shop = new SimulatedShop(this::isBroken);
    }

    /** The bare config repository, to be read with the {@code git} command line. */
    @NonNull
    public Git repository() {
        return bare;
    }

    /** The config repository's server of pull requests. */
    @NonNull
    public PullRequestServer pullRequests() {
        return pullRequests;
    }

    @NonNull
    public Cluster cluster() {
        return cluster;
    }

    /** As the tip of the config repository declares it. */
    @NonNull
    public Declaration declaration() {
        byte[] content = bare.run("show", "main:" + Declaration.FILE).getBytes(StandardCharsets.UTF_8);
        return DeclarationReader.read(Declaration.FILE, content, "main");
    }

    /**
     * Declares what an example needs that verifies its releases, delivers by pull requests, or carries more than images; what it verifies is the
     * simulated shop. Other examples work with the declaration that is there.
     */
    @Override
    public void prepare(@NonNull String example) throws IOException {
        Path declared = tree.examples().resolve(example).resolve(Declaration.FILE);
        String text = Files.exists(declared) ? Files.readString(declared) : "";
        if (text.contains("verify:") || text.contains("carries:") || text.contains("deliver:")) {
            declare(SHOP.matcher(text).replaceAll(shopped -> shop.url(shopped.group(1))));
        }
    }

    /** Gives the application shop a past: a year of deployments that never were. */
    public void addYear() {
        Application application = declaration().application("shop");
        YearOfDeployments.write(
                bare,
                application,
                environment -> ConfigFiles.images(
                        new Target(application, application.environment(environment)),
                        path -> Optional.of(bare.run("show", "main:" + path))),
                Instant.now());
    }

    private void declare(String text) throws IOException {
        Path clone = Files.createTempDirectory(bare.directory().getParent(), "declare");
        new Git(clone).run("clone", "--quiet", bare.directory().toString(), ".");
        Files.writeString(clone.resolve(Declaration.FILE), text);
        Git work = new Git(clone);
        if (!work.run("status", "--porcelain").isBlank()) {
            work.run("commit", "--quiet", "--all", "--message=Change the declaration");
            work.run("push", "--quiet", "origin", "HEAD:refs/heads/main");
        }
    }

    private boolean isBroken(String environment) {
        return applications().stream()
                .flatMap(application -> application.environments().stream())
                .filter(view -> view.target().equals("shop/" + environment))
                .flatMap(view -> view.images().values().stream())
                .anyMatch(version -> version.endsWith(BROKEN));
    }

    @Override
    @NonNull
    public List<ApplicationView> applications() {
        return declaration().applications().values().stream()
                .map(application -> new ApplicationView(
                        application.name(),
                        application.environments().values().stream()
                                .map(environment -> view(new Target(application, environment)))
                                .toList()))
                .toList();
    }

    private TargetView view(Target target) {
        Environment environment = target.environment();
        Optional<Observation> observed = cluster.observe(target);
        return new TargetView(
                target.toString(),
                environment.name(),
                environment.applications().stream()
                        .map(found -> found.name())
                        .findFirst()
                        .orElse("nobody watches"),
                observed.map(found -> images(target.application(), found)).orElse(Map.of()),
                observed.map(found -> found.sync().toString()).orElse("Unknown"),
                observed.map(found -> found.health().state().toString()).orElse("Unknown"),
                observed.flatMap(found -> found.revisions().stream().findFirst())
                        .map(revision -> revision.substring(0, 7))
                        .orElse(""),
                observed.map(World::message).orElse(""));
    }

    /** Live images by the name they have in the declaration; while pods are replaced, both versions. */
    private static Map<String, String> images(Application application, Observation observed) {
        Map<String, String> versions = new LinkedHashMap<>();
        application
                .images()
                .forEach((name, repository) -> observed.images().stream()
                        .map(ImageReference::parse)
                        .filter(reference -> reference.repository().equals(repository))
                        .forEach(reference ->
                                versions.merge(name, version(reference), (one, other) -> one + ", " + other)));
        return versions;
    }

    private static String version(ImageReference reference) {
        return reference.tagName().orElseGet(() -> reference.digestValue().orElse("no version"));
    }

    private static String message(Observation observed) {
        return observed.conditions().stream()
                .map(Observation.Condition::toString)
                .findFirst()
                .orElse(observed.health().message());
    }

    @Override
    @NonNull
    public List<CommitView> commits() {
        return Arrays.stream(bare.run("log", "--format=%H%x1f%an%x1f%s", "main").split("\n"))
                .map(line -> line.split(FIELD, 3))
                .map(fields -> new CommitView(fields[0], fields[1], fields[2]))
                .toList();
    }

    @Override
    @NonNull
    public List<PullRequestServer.View> pulls() {
        return pullRequests.all();
    }

    @Override
    public void act(int pull, @NonNull String verb, @NonNull String user) {
        pullRequests.act(pull, verb, user);
    }

    @Override
    @NonNull
    public String cloneUrl() {
        return server.url(REPOSITORY);
    }

    @Override
    public void close() throws IOException {
        shop.close();
        pullRequests.close();
        cluster.close();
        server.close();
    }
}
