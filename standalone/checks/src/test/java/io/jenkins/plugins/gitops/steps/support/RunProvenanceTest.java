package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunProvenanceTest {

    @BeforeEach
    void startController() {
        new StandIn()
                .install()
                .withRootUrl("https://ci.example.org/")
                .withUser(StandIn.user("dora", List.of()))
                .withUser(StandIn.user("emil", List.of()));
    }

    @Test
    void whoeverWroteWhatTheRunCheckedOutIsAnAuthorOnce() throws Exception {
        Run<?, ?> run = new ARun(new AJob("shop"), List.of(changes("dora", "emil"), changes("dora")));

        assertThat(RunProvenance.of(run, new EnvVars()).changeAuthors()).containsExactly("dora", "emil");
    }

    /** Argo CD's own trailers; the changelog of this server has no dates and no addresses but those of the Mailer plugin. */
    @Test
    void argoCdIsToldOfTheSourceCommit() throws Exception {
        EnvVars environment = commit("c".repeat(40));
        environment.put("GIT_URL", "https://robot:secret@git.example.org/acme/shop.git");

        Provenance provenance = RunProvenance.of(new AJob("shop").run(changes("dora")), environment);

        assertThat(provenance.trailers().value("Argocd-reference-commit-sha")).contains("c".repeat(40));
        assertThat(provenance.trailers().value("Argocd-reference-commit-repourl"))
                .contains("https://git.example.org/acme/shop.git");
        assertThat(provenance.trailers().value("Argocd-reference-commit-subject"))
                .contains("Change something");
        assertThat(provenance.trailers().value("Argocd-reference-commit-date")).contains("2026-11-30T12:00:00Z");
        assertThat(provenance.trailers().value("Argocd-reference-commit-author"))
                .as("no address")
                .isEmpty();
    }

    @Test
    void aRunThatChecksNothingOutHasNoAuthors() throws Exception {
        assertThat(RunProvenance.of(Pipelines.run("shop"), new EnvVars()).changeAuthors())
                .isEmpty();
    }

    @Test
    void whoWroteWhatTheTriggeringOrTheReplayedRunCheckedOutIsAnAuthorToo() throws Exception {
        ARun upstream = new AJob("build").run(changes("dora"));
        ARun replayed = new AJob("shop").run(changes("emil"));
        ARun run = new AJob("release").run(changes());
        run.addAction(new CauseAction(new BuildUpstream(upstream), new Replay(replayed)));
        StandIn.current().withRun(upstream);

        assertThat(RunProvenance.of(run, new EnvVars()).changeAuthors()).containsExactlyInAnyOrder("dora", "emil");
    }

    @Test
    void aChangeWhoseBuildFailedBelongsToTheRunThatBumpsNext() throws Exception {
        AJob shop = new AJob("shop");
        ARun bumped = shop.run(changes("kim"));
        BumpedPlaces.remember(bumped, commit("a1"), DEV);
        shop.run(changes("dora"));
        ARun next = shop.run(changes("emil"));

        Provenance provenance = RunProvenance.of(next, commit("c3"), DEV);

        assertThat(provenance.changeAuthors()).containsExactly("emil", "dora");
        assertThat(provenance.authorsUnknown()).isNull();
    }

    @Test
    void everyEnvironmentThatIsBumpedGoesBackToItsOwnLastRun() throws Exception {
        AJob shop = new AJob("shop");
        BumpedPlaces.remember(shop.run(changes("kim")), commit("a1"), List.of("shop/dev", "shop/qa"));
        BumpedPlaces.remember(shop.run(changes("dora")), commit("b2"), DEV);
        ARun next = shop.run(changes("emil"));

        assertThat(RunProvenance.of(next, commit("c3"), DEV).changeAuthors()).containsExactly("emil");
        assertThat(RunProvenance.of(next, commit("c3"), List.of("shop/dev", "shop/qa"))
                        .changeAuthors())
                .containsExactly("emil", "dora");
    }

    @Test
    void whatTheFirstBuildBringsHasUnknownAuthors() throws Exception {
        Provenance provenance = RunProvenance.of(new AJob("shop").run(changes("dora")), commit("a1"), DEV);

        assertThat(provenance.changeAuthors()).containsExactly("dora");
        assertThat(provenance.authorsUnknown())
                .isEqualTo("no earlier run of shop that is kept has bumped there, so changes before it are not known");
        assertThat(provenance.trailers().value(Trailers.AUTHORS_UNKNOWN)).isPresent();
    }

    @Test
    void aSkippedChangelogIsNoticedByTheCommit() throws Exception {
        AJob shop = new AJob("shop");
        BumpedPlaces.remember(shop.run(changes("kim")), commit("a1"), DEV);
        ARun next = shop.run(changes());

        assertThat(RunProvenance.of(next, commit("b2"), DEV).authorsUnknown())
                .isEqualTo("the run has no changelog: it was skipped, or nothing was checked out");
        assertThat(RunProvenance.of(next, new EnvVars(), DEV).authorsUnknown()).isNotNull();
        assertThat(RunProvenance.of(next, commit("a1"), DEV).authorsUnknown())
                .as("the same commit again")
                .isNull();
    }

    @Test
    void aDeletedRunInBetweenMayHaveBroughtChanges() throws Exception {
        AJob shop = new AJob("shop");
        BumpedPlaces.remember(shop.run(changes("kim")), commit("a1"), DEV);
        shop.delete(shop.run(changes("dora")));

        assertThat(RunProvenance.of(shop.run(changes("emil")), commit("c3"), DEV)
                        .authorsUnknown())
                .isEqualTo("a run between #1 and #3 was deleted, whose changes are not known");
    }

    @Test
    void allCausesHaveStartersThroughUpstreamRunsAndReplays() throws Exception {
        AJob release = new AJob("release");
        ARun first = release.run(changes());
        first.addAction(new CauseAction(new Cause.UserIdCause("lena")));
        ARun upstream = release.run(changes());
        upstream.addAction(new CauseAction(new Replay(first), new Cause.UserIdCause("mia"), new Timer()));
        ARun run = new AJob("shop").run(changes());
        run.addAction(new CauseAction(
                new Timer(), new Cause.UserIdCause("anna"), new BuildUpstream(upstream), new Cause.UserIdCause("kim")));
        StandIn.current().withRun(upstream);

        Provenance provenance = RunProvenance.of(run, new EnvVars());

        assertThat(provenance.starters()).containsExactly("anna", "kim", "mia", "lena");
        assertThat(provenance.startedBy()).isEqualTo("anna");
        assertThat(provenance.trailers().values(Trailers.STARTED_BY)).containsExactly("anna", "kim", "mia", "lena");
    }

    @Test
    void causesGoRoundInNoCircle() throws Exception {
        ARun run = new AJob("shop").run(changes());
        run.addAction(new CauseAction(new Replay(run), new BuildUpstream(run), new Cause.UserIdCause("anna")));
        StandIn.current().withRun(run);

        assertThat(RunProvenance.of(run, new EnvVars()).starters()).containsExactly("anna");
    }

    /** Whoever starts a run by hand hides it behind no number of others. */
    @Test
    void startersBehindVeryManyCausesAreNotKnown() throws Exception {
        AJob release = new AJob("release");
        ARun byHand = release.run(changes());
        byHand.addAction(new CauseAction(new Cause.UserIdCause("mia")));
        StandIn.current().withRun(byHand);
        ARun run = new AJob("shop").run(changes());
        Cause[] causes = new Cause[501];
        Arrays.setAll(causes, at -> at == 500 ? new BuildUpstream(byHand) : new Timer());
        run.addAction(new CauseAction(causes));

        Provenance provenance = RunProvenance.of(run, new EnvVars());

        assertThat(provenance.starters()).isEmpty();
        assertThat(provenance.authorsUnknown())
                .isEqualTo("the run has more than 500 causes, and not all of those who started it are known");
    }

    @Test
    void timersStartNothingForAnybody() throws Exception {
        ARun run = new AJob("shop").run(changes());
        run.addAction(new CauseAction(new Timer()));

        assertThat(RunProvenance.of(run, new EnvVars()).starters()).isEmpty();
        assertThat(RunProvenance.of(run, new EnvVars()).startedBy()).isNull();
    }

    private static final List<String> DEV = List.of("shop/dev");

    private static EnvVars commit(String id) {
        EnvVars environment = new EnvVars();
        environment.put("GIT_COMMIT", id);
        return environment;
    }

    /** As the Pipeline plugin's own, which this project does not depend on. */
    public static final class Replay extends Timer {

        private final Run<?, ?> original;

        Replay(Run<?, ?> original) {
            this.original = original;
        }

        public Run<?, ?> getOriginal() {
            return original;
        }
    }

    private static final class BuildUpstream extends Cause.UpstreamCause {
        BuildUpstream(Run<?, ?> up) {
            super(up);
        }
    }

    private static class Timer extends Cause {
        @Override
        public String getShortDescription() {
            return "Started";
        }
    }

    private static Changes changes(String... authors) {
        return new Changes(Stream.of(authors).map(Change::new).toList());
    }

    private static final class AJob extends Job<AJob, ARun> {

        private final NavigableMap<Integer, ARun> runs = new TreeMap<>();
        private int last;

        AJob(String name) {
            super(Jenkins.get(), name);
        }

        ARun run(Changes changes) throws IOException {
            ARun run = new ARun(this, List.of(changes));
            run.number = ++last;
            runs.put(run.number, run);
            return run;
        }

        void delete(ARun run) {
            runs.remove(run.number);
        }
    }

    private static final class ARun extends Run<AJob, ARun> implements RunWithSCM<AJob, ARun> {

        private final List<Changes> changes;

        ARun(AJob job, List<Changes> changes) throws IOException {
            super(job);
            this.changes = changes;
        }

        @Override
        public ARun getPreviousBuild() {
            Map.Entry<Integer, ARun> before = getParent().runs.lowerEntry(number);
            return before == null ? null : before.getValue();
        }

        @Override
        public List<ChangeLogSet<? extends ChangeLogSet.Entry>> getChangeSets() {
            return List.copyOf(changes);
        }
    }

    private static final class Changes extends ChangeLogSet<Change> {

        private final List<Change> all;

        Changes(List<Change> all) {
            super(null, null);
            this.all = all;
        }

        @Override
        public boolean isEmptySet() {
            return all.isEmpty();
        }

        @Override
        public Iterator<Change> iterator() {
            return all.iterator();
        }
    }

    private static final class Change extends ChangeLogSet.Entry {

        private final String author;

        Change(String author) {
            this.author = author;
        }

        @Override
        public String getCommitId() {
            return "c".repeat(40);
        }

        @Override
        public long getTimestamp() {
            return Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();
        }

        @Override
        public String getMsg() {
            return "Change something";
        }

        @Override
        public User getAuthor() {
            return User.getById(author, true);
        }

        @Override
        public Collection<String> getAffectedPaths() {
            return List.of();
        }
    }
}
