package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
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

    @Test
    void aRunThatChecksNothingOutHasNoAuthors() throws Exception {
        assertThat(RunProvenance.of(Pipelines.run("shop"), new EnvVars()).changeAuthors())
                .isEmpty();
    }

    private static Changes changes(String... authors) {
        return new Changes(Stream.of(authors).map(Change::new).toList());
    }

    private static final class AJob extends Job<AJob, ARun> {
        AJob(String name) {
            super(Jenkins.get(), name);
        }
    }

    private static final class ARun extends Run<AJob, ARun> implements RunWithSCM<AJob, ARun> {

        private final List<Changes> changes;

        ARun(AJob job, List<Changes> changes) throws IOException {
            super(job);
            this.changes = changes;
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
