package io.jenkins.plugins.gitops.playground.sample;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * A year of deployments that never were, for the pages that draw what came of many: commits and notes as the plugin
 * writes them, which change no file. The same for the same time.
 */
public final class YearOfDeployments {

    private static final int DAYS = 365;

    /** The release that the files have. */
    private static final int NOW = 0;

    private static final List<String> PEOPLE = List.of("ada", "otto", "rita");

    private final Application application;
    private final Function<String, Map<String, Version>> files;
    private final Random random = new Random(20_260_801);
    private final List<Planned> plan = new ArrayList<>();
    private final Map<String, ObjectId> commits = new HashMap<>();

    /**
     * @param gate for how long it was open, or null where there is none
     * @param live when it was healthy, or null for one that failed
     * @param back the release that comes back, or null for a deployment
     */
    private record Planned(
            Instant at,
            String environment,
            int release,
            @Nullable Duration gate,
            @Nullable Instant live,
            @Nullable Integer back) {}

    private YearOfDeployments(Application application, Function<String, Map<String, Version>> files) {
        this.application = application;
        this.files = files;
    }

    /**
     * Writes it on top of {@code main}.
     *
     * @param repository bare
     * @param application with the environments dev, staging and prod
     * @param files what they have of an environment: what was deployed there last
     * @param end after the last deployment
     */
    public static void write(
            @NonNull Git repository,
            @NonNull Application application,
            @NonNull Function<String, Map<String, Version>> files,
            @NonNull Instant end) {
        YearOfDeployments year = new YearOfDeployments(application, files);
        year.plan(end);
        try {
            year.write(repository);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + repository.directory(), e);
        }
    }

    private void plan(Instant end) {
        int release = 0;
        int inProd = 0;
        for (int day = DAYS; day > 2; day--) {
            Instant morning = end.minus(Duration.ofDays(day));
            for (int i = random.nextInt(3); i > 0 && day % 7 > 1; i--) {
                release++;
                Instant built = morning.plus(minutes(8 * 60));
                if (!deploy(built, "dev", release, null, 0.05)) {
                    continue;
                }
                Duration review = minutes(90);
                Instant tested = built.plus(Duration.ofHours(1)).plus(review);
                if (random.nextInt(2) > 0 || !deploy(tested, "staging", release, review, 0.08)) {
                    continue;
                }
                Duration wait = minutes(day > DAYS / 2 ? 20 * 60 : 5 * 60);
                Instant shipped = tested.plus(Duration.ofHours(2)).plus(wait);
                if (deploy(shipped, "prod", release, wait, 0)) {
                    if (random.nextInt(8) == 0) {
                        Instant noticed = shipped.plus(Duration.ofMinutes(10)).plus(minutes(60));
                        plan.add(new Planned(noticed, "prod", release, null, noticed.plus(minutes(12)), inProd));
                    } else {
                        inProd = release;
                    }
                }
            }
        }
        deploy(end.minus(Duration.ofHours(30)), "dev", NOW, null, 0);
        deploy(end.minus(Duration.ofHours(29)), "staging", NOW, minutes(30), 0);
        deploy(end.minus(Duration.ofHours(25)), "prod", NOW, minutes(90), 0);
        plan.sort(Comparator.comparing(Planned::at));
    }

    private boolean deploy(Instant at, String environment, int release, @Nullable Duration gate, double failing) {
        boolean fails = random.nextDouble() < failing;
        plan.add(new Planned(at, environment, release, gate, fails ? null : at.plus(minutes(6)), null));
        return !fails;
    }

    private Duration minutes(int most) {
        return Duration.ofSeconds(60 + random.nextInt(most * 60));
    }

    private void write(Git git) throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(git.directory().toFile())
                        .build();
                ObjectInserter objects = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId main = repository.resolve("refs/heads/main");
            ObjectId files = walk.parseCommit(main).getTree();
            ObjectId noFiles = objects.insert(Constants.OBJ_TREE, new byte[0]);
            ObjectId note = null;
            for (Planned one : plan) {
                main = commit(objects, files, main, one.at(), subject(one), trailers(one));
                commits.put(one.environment() + one.release() + (one.back() == null ? "" : " back"), main);
                Instant seen = one.live() == null ? one.at().plus(Duration.ofMinutes(15)) : one.live();
                note = commit(objects, noFiles, note, seen, "Outcome", outcome(one, main, seen));
            }
            objects.flush();
            move(repository, "refs/heads/main", main);
            move(repository, DeploymentNotes.REF, note);
        }
    }

    private static void move(Repository repository, String ref, ObjectId to) throws IOException {
        RefUpdate update = repository.updateRef(ref);
        update.setNewObjectId(to);
        update.setForceUpdate(true);
        update.update();
    }

    private static ObjectId commit(
            ObjectInserter objects,
            ObjectId files,
            @Nullable ObjectId parent,
            Instant at,
            String subject,
            Trailers trailers)
            throws IOException {
        PersonIdent jenkins = new PersonIdent("Jenkins", "jenkins@example.org", at, ZoneOffset.UTC);
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(files);
        if (parent != null) {
            commit.setParentId(parent);
        }
        commit.setAuthor(jenkins);
        commit.setCommitter(jenkins);
        commit.setMessage(subject + "\n\n"
                + trailers.list().stream()
                        .map(trailer -> trailer.key() + ": " + trailer.value())
                        .collect(Collectors.joining("\n", "", "\n")));
        return objects.insert(commit);
    }

    private String subject(Planned one) {
        return application.name() + ": "
                + (one.back() == null
                        ? "deploy release " + one.release() + " to " + one.environment()
                        : "roll back " + one.environment());
    }

    private Trailers trailers(Planned one) {
        Trailers trailers = Trailers.NONE
                .with(Trailers.APPLICATION, application.name())
                .with(Trailers.ENVIRONMENT, one.environment());
        for (Map.Entry<String, String> image : application.images().entrySet()) {
            int shown = one.back() == null ? one.release() : one.back();
            Object reference = shown == NOW
                    ? files.apply(one.environment()).get(image.getKey())
                    : image.getValue() + ":v0." + shown + ".0";
            trailers = trailers.with(Trailers.IMAGE, image.getKey() + "=" + reference);
        }
        trailers = trailers.with(Trailers.STARTED_BY, PEOPLE.get(one.release() % PEOPLE.size()));
        if (one.gate() != null) {
            trailers = trailers.with(
                            Trailers.GATE_OPENED, one.at().minus(one.gate()).toString())
                    .with(Trailers.APPROVED_BY, PEOPLE.get((one.release() + 1) % PEOPLE.size()));
        }
        if (one.back() != null) {
            trailers = trailers.with(
                            Trailers.ROLLS_BACK,
                            commits.get(one.environment() + one.release()).name())
                    .with(Trailers.DECIDED_AT, one.at().minusSeconds(20).toString())
                    .with(Trailers.REASON, "errors after the release")
                    .with(Trailers.HOLD, "none");
        }
        return trailers;
    }

    private Trailers outcome(Planned one, ObjectId commit, Instant seen) {
        Trailers trailers = Trailers.NONE
                .with(DeploymentNotes.DEPLOYMENT, commit.name())
                .with(Trailers.APPLICATION, application.name())
                .with(Trailers.ENVIRONMENT, one.environment())
                .with(DeploymentNotes.OUTCOME, one.live() == null ? "failed" : "healthy");
        return one.live() == null ? trailers : trailers.with(DeploymentNotes.LIVE_AT, seen.toString());
    }
}
