package io.jenkins.plugins.gitops.playground;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * {@code make run}. Reads {@code PORT}, {@code APPROVE} and {@code EXAMPLE} from the environment; exits with 0 when the
 * examples it ran by itself succeeded.
 */
public final class Main {

    private static final String DEFAULT_PORT = "8488";
    private static final String DEFAULT_EXAMPLE = "one-service";
    private static final String EVERY_EXAMPLE = "all";
    private static final PrintStream OUT = System.out;

    private final Map<String, String> environment;

    Main(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(@NonNull String[] arguments) throws Exception {
        System.exit(new Main(System.getenv()).run());
    }

    int run() throws Exception {
        int port = Integer.parseInt(setting("PORT").orElse(DEFAULT_PORT));
        boolean byItself = setting("APPROVE").map(Main::isYes).orElse(false);
        SourceTree tree = SourceTree.find();
        Path folder = emptied(tree.root().resolve("standalone/playground/target/playground-" + port));
        OutputStream echo = byItself ? OUT : OutputStream.nullOutputStream();
        try (Playground playground =
                new Playground(new Playground.Setting(tree, folder, port, SimulatedArgoCd.Pace.BRISK, echo))) {
            OUT.println("The playground is at " + playground.url());
            return byItself ? goThrough(playground) : serve(playground);
        } catch (BindException e) {
            System.err.println("Port " + port + " is taken: choose another with make run PORT=…");
            return 2;
        } catch (GitOpsException e) {
            System.err.println(e.getMessage());
            return 2;
        }
    }

    /** Starts an example if one is asked for, and waits until the process is ended. */
    private int serve(Playground playground) throws InterruptedException, IOException {
        playground.world().addYear();
        for (Examples.Example example : examples(playground, Optional.empty())) {
            start(playground, example, example.branches().get(0));
        }
        OUT.println("Simulated: Argo CD, the Kubernetes API, image builds, the running shop and Jenkins itself. Stop it"
                + " with Ctrl-C.");
        new CountDownLatch(1).await();
        return 0;
    }

    private int goThrough(Playground playground) throws Exception {
        boolean success = true;
        Approver people = new Approver(playground.gates());
        try {
            for (Examples.Example example : examples(playground, Optional.of(DEFAULT_EXAMPLE))) {
                for (String branch : example.branches()) {
                    OUT.println("--- " + example.name() + ", branch " + branch + ", approved without a person ---");
                    PlaygroundRun run = start(playground, example, branch);
                    success &= run.ended().get() == RunResult.SUCCESS;
                }
            }
        } finally {
            people.close();
        }
        OUT.println("--- the config repository's log ("
                + playground.world().repository().directory() + ") ---");
        OUT.println(playground.world().repository().run("log", "--stat", "main"));
        return success ? 0 : 1;
    }

    private static PlaygroundRun start(Playground playground, Examples.Example example, String branch)
            throws IOException {
        playground.world().prepare(example.name());
        return playground.runs().start(new Runs.Request(example, branch, "ada", Map.of()));
    }

    private List<Examples.Example> examples(Playground playground, Optional<String> otherwise) {
        Optional<String> wanted = setting("EXAMPLE").or(() -> otherwise);
        if (wanted.filter(EVERY_EXAMPLE::equals).isPresent()) {
            return playground.examples().all();
        }
        return wanted.map(name -> List.of(playground.examples().example(name))).orElse(List.of());
    }

    private Optional<String> setting(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static boolean isYes(String value) {
        return List.of("yes", "true", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
