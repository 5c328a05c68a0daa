package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remarks on deployments that can only be made later: that one was live, that one failed, that an alert
 * fired, that a hold was lifted, that somebody has reviewed a hotfix, that a plan of Terraform was applied. They are Git notes ({@code git log --notes=gitops} shows them), because a follow-up commit on the branch would set Argo CD
 * to work again for nothing. Each note's commit carries the remark as trailers too, which is what the ledger reads: so
 * it needs no blob.
 */
public final class DeploymentNotes {

    /** Where the notes are. */
    public static final String REF = "refs/notes/gitops";

    /** The commit a remark is about. */
    public static final String DEPLOYMENT = "GitOps-Deployment";

    /** {@code healthy}, {@code failed}, {@code timed-out}, {@code superseded}, {@code verified} or {@code verification-failed}. */
    public static final String OUTCOME = "GitOps-Outcome";

    /** ISO 8601 instant at which the deployment was seen live and healthy. */
    public static final String LIVE_AT = "GitOps-Live-At";

    /** {@code smoke passed: status 200}: once for each check of a verification. */
    public static final String CHECK = "GitOps-Check";

    /** {@code ShopErrors{severity="critical"}: too many errors}: an alert that began to fire after the observation had ended. */
    public static final String ALERT = "GitOps-Alert";

    /** {@code user: reason}: later promotions of what was rolled back pass again. */
    public static final String HOLD_LIFTED = "GitOps-Hold-Lifted";

    /** {@code user: comment}: somebody else has confirmed a hotfix. */
    public static final String REVIEWED = "GitOps-Reviewed";

    /** The branch of the commit, whose message lost what it said: the note says it. */
    public static final String LOST_ON = "GitOps-Lost-On";

    /** ISO 8601 instant at which such a commit was made. */
    public static final String COMMITTED_AT = "GitOps-Committed-At";

    private final ConfigRepository repository;
    private final Identity author;

    public DeploymentNotes(ConfigRepository repository, Identity author) {
        this.repository = repository;
        this.author = author;
    }

    /**
     * Notes what became of a deployment; the same remark twice is noted once. Blocking.
     *
     * @param commit full id
     */
    public void outcome(
            String application, String environment, String commit, Outcome outcome, Instant at, Progress progress) {
        Trailers live = outcome == Outcome.HEALTHY ? live(at) : Trailers.NONE;
        write(application, environment, commit, outcome, "", live, progress);
    }

    /**
     * Notes how a verification ended; the same end of the same attempt is noted once, by however many controllers. Blocking.
     *
     * @param commit full id
     * @param attempt counted from 1
     * @param outcome verified or not
     * @param live when the deployment was seen healthy
     * @param checks a line for each
     */
    public void verification(
            String application,
            String environment,
            String commit,
            int attempt,
            Outcome outcome,
            Instant live,
            List<String> checks,
            Progress progress) {
        write(
                application,
                environment,
                commit,
                outcome,
                attempt == 1 ? "" : ":" + attempt,
                live(live).withAll(CHECK, checks),
                progress);
    }

    /**
     * Notes an alert that began to fire after the deployment was verified, once for each key. Blocking.
     *
     * @param commit full id
     * @param key of the alert and the time it began
     * @param line for people
     */
    public void alert(
            String application, String environment, String commit, String key, String line, Progress progress) {
        String target = application + "/" + environment;
        write(
                commit,
                "alert:" + commit + ":" + target + ":" + key,
                target + " alert: " + CommitInfo.abbreviate(commit),
                Trailers.NONE
                        .with(DEPLOYMENT, commit)
                        .with(Trailers.APPLICATION, application)
                        .with(Trailers.ENVIRONMENT, environment)
                        .with(ALERT, line),
                progress);
    }

    /**
     * Notes what became of a plan of Terraform, once for each id. Blocking.
     *
     * @param about the commit that the plan was made of, or another that the note is to be found at; full id
     * @param id of what was done with the plan
     * @param since when it may have been noted first, if it is noted again after a restart
     * @param more about the plan and its origin
     */
    public void infrastructure(
            String application,
            String environment,
            String about,
            String id,
            Instant since,
            InfrastructureChange.Outcome outcome,
            Trailers more,
            Progress progress) {
        write(
                about,
                "infrastructure:" + id + ":" + outcome.word(),
                application + "/" + environment + " infrastructure " + outcome.word(),
                Optional.of(since),
                Trailers.NONE
                        .with(DEPLOYMENT, about)
                        .with(Trailers.APPLICATION, application)
                        .with(Trailers.ENVIRONMENT, environment)
                        .with(InfrastructureChange.INFRASTRUCTURE, outcome.word())
                        .withAll(more),
                progress);
    }

    /**
     * Notes the pull request that brought a release, once. Blocking.
     *
     * @param environments that the commit changed
     * @param commit full id
     * @param mergedBy login; empty where its server does not tell
     * @param reviewedBy logins of those who approved it
     * @param lost what the release's own commit said, where the message of the one that is on the branch does not; empty
     *     where it does
     */
    public void pullRequest(
            String application,
            List<String> environments,
            String commit,
            String url,
            Optional<String> mergedBy,
            List<String> reviewedBy,
            Trailers lost,
            Progress progress) {
        write(
                commit,
                "pull-request:" + commit + ":" + application + "/" + String.join("+", environments),
                application + "/" + String.join(", ", environments) + " pull request: " + CommitInfo.abbreviate(commit),
                Trailers.NONE
                        .with(DEPLOYMENT, commit)
                        .with(Trailers.APPLICATION, application)
                        .withAll(Trailers.ENVIRONMENT, environments)
                        .with(Trailers.PULL_REQUEST, url)
                        .with(Trailers.MERGED_BY, mergedBy)
                        .withAll(Trailers.REVIEWED_BY, reviewedBy)
                        .withAll(lost),
                progress);
    }

    /**
     * For a commit whose message somebody rewrote.
     *
     * @param said by the release's own commit
     */
    public static Trailers lost(CommitInfo commit, String branch, Trailers said) {
        return Trailers.NONE
                .with(LOST_ON, branch)
                .with(
                        COMMITTED_AT,
                        commit.committedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .withAll(new Trailers(said.list().stream()
                        .filter(trailer -> !Set.of(Trailers.APPLICATION, Trailers.ENVIRONMENT)
                                .contains(trailer.key()))
                        .toList()));
    }

    /** The commits of a branch that such notes speak of, as if their messages said it. */
    static List<CommitInfo> found(List<CommitInfo> notes, String branch) {
        return notes.stream()
                .filter(note -> note.signature().isTrusted())
                .flatMap(note -> found(note, new Trailers(note.trailers()), branch).stream())
                .toList();
    }

    private static Optional<CommitInfo> found(CommitInfo note, Trailers trailers, String branch) {
        return trailers.value(DEPLOYMENT)
                .filter(commit -> trailers.values(LOST_ON).equals(List.of(branch)))
                .map(commit -> new CommitInfo(
                        commit,
                        note.author(),
                        note.committer(),
                        earlier(note.committedAt(), trailers.value(COMMITTED_AT)),
                        note.message(),
                        note.trailers().stream()
                                .filter(trailer -> !trailer.key().equals(DEPLOYMENT))
                                .toList(),
                        note.signature()));
    }

    private static Instant earlier(Instant noted, Optional<String> said) {
        try {
            return said.map(Instant::parse).filter(at -> at.isBefore(noted)).orElse(noted);
        } catch (DateTimeParseException handWritten) {
            return noted;
        }
    }

    private static Trailers live(Instant at) {
        return Trailers.NONE.with(LIVE_AT, at.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private void write(
            String application,
            String environment,
            String commit,
            Outcome outcome,
            String attempt,
            Trailers more,
            Progress progress) {
        String word = word(outcome);
        write(
                commit,
                "outcome:" + commit + ":" + application + "/" + environment + ":" + word + attempt,
                application + "/" + environment + " " + word + ": " + CommitInfo.abbreviate(commit),
                Trailers.NONE
                        .with(DEPLOYMENT, commit)
                        .with(Trailers.APPLICATION, application)
                        .with(Trailers.ENVIRONMENT, environment)
                        .with(OUTCOME, word)
                        .withAll(more),
                progress);
    }

    /**
     * Lifts what a rollback holds. Blocking.
     *
     * @param by id of the user
     * @param reason not blank
     */
    public void lift(Hold hold, String by, String reason, Progress progress) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a hold is lifted for a reason");
        }
        write(
                hold.rollback(),
                "lift:" + hold.rollback(),
                hold.target() + " hold lifted by " + by,
                Trailers.NONE.with(DEPLOYMENT, hold.rollback()).with(HOLD_LIFTED, by + ": " + reason),
                progress);
    }

    /**
     * Confirms a hotfix, once. Blocking.
     *
     * @param by id of the user
     * @param comment not blank
     */
    public void reviewed(Deployment hotfix, String by, String comment, Progress progress) {
        if (comment.isBlank()) {
            throw new IllegalArgumentException("a hotfix is confirmed with a comment");
        }
        String target = hotfix.application() + "/" + hotfix.environment();
        write(
                hotfix.commit(),
                "review:" + hotfix.commit() + ":" + target,
                target + " hotfix reviewed by " + by + ": " + CommitInfo.abbreviate(hotfix.commit()),
                Trailers.NONE
                        .with(DEPLOYMENT, hotfix.commit())
                        .with(Trailers.APPLICATION, hotfix.application())
                        .with(Trailers.ENVIRONMENT, hotfix.environment())
                        .with(REVIEWED, by + ": " + comment),
                progress);
    }

    private void write(String about, String id, String subject, Trailers remark, Progress progress) {
        write(about, id, subject, Optional.empty(), remark, progress);
    }

    private void write(
            String about, String id, String subject, Optional<Instant> since, Trailers remark, Progress progress) {
        StringBuilder text = new StringBuilder();
        remark.list()
                .forEach(trailer -> text.append(trailer.key())
                        .append(": ")
                        .append(trailer.value())
                        .append('\n'));
        CommitRequest request = new CommitRequest(REF, id, subject, "", remark.list(), author, tip -> {
            byte[] old = tip.file(about).orElse(new byte[0]);
            byte[] more = text.toString().getBytes(StandardCharsets.UTF_8);
            byte[] note = Arrays.copyOf(old, old.length + more.length);
            System.arraycopy(more, 0, note, old.length, more.length);
            return Map.of(about, note);
        });
        repository.commit(since.map(request::triedSince).orElse(request), progress);
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Outcome> outcome(String word) {
        return List.of(Outcome.values()).stream()
                .filter(outcome -> word(outcome).equals(word))
                .findFirst();
    }
}
