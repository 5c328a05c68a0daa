package io.jenkins.plugins.gitops.engine.gate;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.ledger.CommitReference;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a gate decides about: a promotion, or a question. Both have the same JSON properties, which are part of the
 * pages' contract (docs/openapi.yaml): {@code question} is null for a promotion, and for a question every property of a
 * promotion is empty.
 */
@JsonDeserialize(using = GateSubject.Reader.class)
public sealed interface GateSubject {

    /** Unique id of the gate; its promotion commits under this id, so it can never commit twice. */
    String gate();

    /**
     * Who wrote the change, as the run and the trailers of the promoted commits tell; the committer's own author where no
     * run made the commit.
     */
    List<String> changeAuthors();

    /** Id of the user who started the run, or null. */
    @Nullable
    String startedBy();

    /** Ids of all users who started the run, or a run before it that led to this one. */
    List<String> starters();

    /** A clause that says why there may be authors whom {@link #changeAuthors()} does not name, or null. */
    @Nullable
    String authorsUnknown();

    /** Address of the run, or null. */
    @Nullable
    String run();

    /** As the log and the pages write it: {@code shop/prod}, or the question in quotes. */
    String target();

    /** Whether both are promotions into the same target. */
    boolean isSameTarget(GateSubject other);

    /**
     * One release, on its way into an environment.
     *
     * @param repository address of the config repository, without a password
     * @param defaultBranch where its declaration is
     * @param branch where the target's files are
     * @param release images by name, as they will be written
     * @param changes image from → to
     * @param files the lines that will change, as of the opening
     * @param sourceEnvironment where it comes from: the target itself for a rollback, empty where nothing comes before
     * @param sourceCommit commit of the config repository at which it is there, or was; empty likewise
     * @param commits of the config repository that brought the release since the target's last deployment, newest first
     * @param reason why, as whoever asks for it says, or null; never null for a hotfix
     * @param gateChanges commits since the target's last deployment that changed this very gate, newest first
     */
    @JsonDeserialize(using = JsonDeserializer.None.class)
    record Promotion(
            String gate,
            String repository,
            String defaultBranch,
            String application,
            String environment,
            String branch,
            Map<String, Version> release,
            List<ImageChange> changes,
            List<FileChange> files,
            String sourceEnvironment,
            String sourceCommit,
            List<CommitSummary> commits,
            List<String> changeAuthors,
            @Nullable String startedBy,
            @Nullable String run,
            List<String> starters,
            @Nullable String authorsUnknown,
            Origin origin,
            Procedure procedure,
            @Nullable String reason,
            List<CommitSummary> gateChanges)
            implements GateSubject {

        /** Gates that were stored before there was a choice promote what is live. */
        public Promotion {
            origin = origin == null ? Origin.LIVE : origin;
            procedure = procedure == null ? Procedure.ORDINARY : procedure;
            release = Collections.unmodifiableMap(new TreeMap<>(release));
            changes = List.copyOf(changes);
            files = List.copyOf(files);
            commits = List.copyOf(commits);
            changeAuthors = List.copyOf(changeAuthors);
            starters = Provenance.starters(starters, startedBy);
            gateChanges = gateChanges == null ? List.of() : List.copyOf(gateChanges);
        }

        /**
         * A clause that says where the target has moved since this was planned; empty when it has not.
         *
         * @param current what it runs
         */
        public Optional<String> movedTo(Map<String, Version> current) {
            return changes.stream()
                    .filter(change -> {
                        Version now = current.get(change.image());
                        return !Objects.equals(now, change.from())
                                && !change.to().equals(now);
                    })
                    .findFirst()
                    .map(change -> target() + " has changed since the promotion was requested: " + change.image()
                            + " is "
                            + Optional.ofNullable(current.get(change.image()))
                                    .map(Version::toString)
                                    .orElse("gone"));
        }

        /** An ordinary one of what is live, whose authors are all known, of a run that at most one user started. */
        public Promotion(
                String gate,
                String repository,
                String defaultBranch,
                String application,
                String environment,
                String branch,
                Map<String, Version> release,
                List<ImageChange> changes,
                List<FileChange> files,
                String sourceEnvironment,
                String sourceCommit,
                List<CommitSummary> commits,
                List<String> changeAuthors,
                @Nullable String startedBy,
                @Nullable String run) {
            this(
                    gate,
                    repository,
                    defaultBranch,
                    application,
                    environment,
                    branch,
                    release,
                    changes,
                    files,
                    sourceEnvironment,
                    sourceCommit,
                    commits,
                    changeAuthors,
                    startedBy,
                    run,
                    List.of(),
                    null,
                    Origin.LIVE,
                    Procedure.ORDINARY,
                    null,
                    List.of());
        }

        @Override
        public String target() {
            return application + "/" + environment;
        }

        @Override
        public boolean isSameTarget(GateSubject other) {
            return other instanceof Promotion that
                    && repository.equals(that.repository)
                    && branch.equals(that.branch)
                    && target().equals(that.target());
        }

        @JsonProperty("question")
        @Nullable
        private String noQuestion() {
            return null;
        }
    }

    /** Which release is wanted. */
    enum Origin {
        /** What is live and healthy in the source. */
        LIVE,
        /** A version that somebody named. */
        CHOSEN,
        /** One that the target ran, or may have run, before. */
        ROLLBACK
    }

    /** Which part of the gate's declaration applies. */
    enum Procedure {
        ORDINARY,
        HOTFIX
    }

    /**
     * What people answer at a gate that guards no promotion.
     *
     * @param question in one line
     */
    @JsonDeserialize(using = JsonDeserializer.None.class)
    record Question(
            String gate,
            List<String> changeAuthors,
            String question,
            @Nullable String startedBy,
            @Nullable String run,
            List<String> starters,
            @Nullable String authorsUnknown)
            implements GateSubject {

        private static final Map<String, Object> NO_PROMOTION = noPromotion();

        public Question {
            changeAuthors = List.copyOf(changeAuthors);
            starters = Provenance.starters(starters, startedBy);
        }

        public Question(String gate, String question, Provenance provenance) {
            this(
                    gate,
                    provenance.changeAuthors(),
                    question,
                    provenance.startedBy(),
                    provenance.run(),
                    provenance.starters(),
                    provenance.authorsUnknown());
        }

        @Override
        public String target() {
            return "'" + question + "'";
        }

        @Override
        public boolean isSameTarget(GateSubject other) {
            return false;
        }

        @JsonAnyGetter
        private Map<String, Object> promotion() {
            return NO_PROMOTION;
        }

        private static Map<String, Object> noPromotion() {
            Map<String, Object> empty = new LinkedHashMap<>();
            List.of("repository", "defaultBranch", "application", "environment", "branch")
                    .forEach(text -> empty.put(text, ""));
            empty.put("release", Map.of());
            empty.put("changes", List.of());
            empty.put("files", List.of());
            empty.put("sourceEnvironment", "");
            empty.put("sourceCommit", "");
            empty.put("commits", List.of());
            empty.put("origin", "");
            empty.put("procedure", "");
            empty.put("reason", null);
            empty.put("gateChanges", List.of());
            return Collections.unmodifiableMap(empty);
        }
    }

    /**
     * A commit for people to read.
     *
     * @param sourceCommit commit of the application's own repository, or null when unknown
     * @param reference what more is known of it, or null
     */
    record CommitSummary(
            String commit,
            String subject,
            List<String> authors,
            @Nullable String sourceCommit,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            CommitReference reference) {

        /** One whose source commit says no more. */
        public CommitSummary(String commit, String subject, List<String> authors, @Nullable String sourceCommit) {
            this(commit, subject, authors, sourceCommit, null);
        }
    }

    /** Tells the two apart by their question. */
    final class Reader extends JsonDeserializer<GateSubject> {

        @Override
        public GateSubject deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode json = context.readTree(parser);
            Class<? extends GateSubject> kind = json.hasNonNull("question") ? Question.class : Promotion.class;
            return context.readTreeAsValue(json, kind);
        }
    }
}
