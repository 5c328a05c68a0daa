package io.jenkins.plugins.gitops.engine.verification;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException;
import io.jenkins.plugins.gitops.engine.model.JobManifest;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.KubernetesJob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Creates a Job in a cluster, and looks at it until it has ended. Its name comes from the verification, so that it is
 * created once: by whichever controller is first, and whatever becomes of that one. Once it was seen it is never created
 * again: one that is gone cannot be judged.
 */
public final class KubernetesJobProbe implements CheckProbe {

    private static final Logger LOGGER = Logger.getLogger(KubernetesJobProbe.class.getName());

    private static final String PREFIX = "gitops-promotion.jenkins.io/";
    private static final String VERIFICATION = PREFIX + "verification";

    /** The cluster deletes it so long after its end, should no controller do that. */
    private static final int KEPT_SECONDS = 3_600;

    /** Other controllers, which look at their own pace, have time to see how it ended. */
    private static final int LOOKS_OF_OTHERS = 2;

    private static final int LONGEST_CHECK = 30;

    private final KubernetesJob check;
    private final Verification.Deployed deployed;
    private final int attempt;
    private final Access access;
    private final Executor workers;
    private final String name;
    private final ReentrantLock busy = new ReentrantLock();

    @CheckForNull
    private JobManifest manifest;

    private boolean hasEnded;
    private volatile boolean over;

    /** What it needs of whoever verifies. Every method may block, and throws {@link GitOpsException}. */
    public interface Access {

        /** A file of the config repository at the deployed commit. */
        Optional<byte[]> file(String path);

        /** The cluster, as it is configured now; closed by the caller. */
        KubernetesJobs cluster();

        /** Whether {@link #created} was called, for this attempt, also before a restart. */
        boolean wasCreated();

        /**
         * The Job was created, or is another controller's that was joined: keeps that.
         *
         * @param job namespace and name
         */
        void created(String job);
    }

    /** @param workers where it asks the cluster, which blocks */
    public KubernetesJobProbe(KubernetesJob check, Verification verification, Access access, Executor workers) {
        this.check = check;
        this.deployed = verification.deployed();
        this.attempt = verification.attempt();
        this.access = access;
        this.workers = workers;
        this.name = name(check.name(), deployed.id(), attempt);
    }

    /** A DNS label of at most 63 characters, which people recognise. */
    static String name(String check, String deployment, int attempt) {
        String readable = check.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String whole = String.join("\n", check, deployment, Integer.toString(attempt));
        UUID unique = UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8));
        return ("verify-" + readable.substring(0, Math.min(readable.length(), LONGEST_CHECK)) + "-"
                        + unique.toString().substring(0, 18).replace("-", ""))
                .replaceAll("-+", "-");
    }

    @Override
    public CompletionStage<Sample> look() {
        return CompletableFuture.supplyAsync(this::sample, workers);
    }

    private Sample sample() {
        if (over) {
            return Sample.missed("no longer needed");
        }
        if (!busy.tryLock()) {
            return Sample.missed("the Kubernetes API is slow to respond");
        }
        try {
            return over ? Sample.missed("no longer needed") : ask();
        } catch (RepositoryException unreachable) {
            return Sample.missed(clause(unreachable));
        } catch (ArgoCdException failed) {
            boolean mayPass =
                    switch (failed.reason()) {
                        case UNAVAILABLE, GONE -> true;
                        case REFUSED, MISSING, REJECTED -> access.wasCreated();
                    };
            return mayPass ? Sample.missed(clause(failed)) : Sample.impossible(clause(failed));
        } catch (GitOpsException wrong) {
            return Sample.impossible(clause(wrong));
        } finally {
            busy.unlock();
        }
    }

    private Sample ask() {
        JobManifest declared = manifest();
        String namespace = declared.namespace();
        try (KubernetesJobs cluster = access.cluster()) {
            Optional<JsonNode> job = cluster.find(namespace, name);
            if (job.isEmpty() && !access.wasCreated()) {
                job = cluster.create(declared.named(
                        name,
                        Map.of("app.kubernetes.io/managed-by", "gitops-promotion", VERIFICATION, deployed.id()),
                        Map.of(
                                PREFIX + "check",
                                check.name(),
                                PREFIX + "target",
                                deployed.target(),
                                PREFIX + "commit",
                                deployed.commit()),
                        KEPT_SECONDS));
                if (job.isEmpty()) {
                    // Another controller was first.
                    job = cluster.find(namespace, name);
                }
            }
            if (job.isEmpty()) {
                return Sample.impossible(
                        title() + " was deleted before its result was seen, which says nothing about the" + " release");
            }
            if (!job.get()
                    .path("metadata")
                    .path("labels")
                    .path(VERIFICATION)
                    .asText()
                    .equals(deployed.id())) {
                return Sample.impossible(title() + " is there already, and not of this verification; delete it");
            }
            if (!access.wasCreated()) {
                access.created(namespace + "/" + name);
            }
            return judge(cluster, job.get());
        }
    }

    private JobManifest manifest() {
        JobManifest known = manifest;
        if (known == null) {
            byte[] content = access.file(check.manifest())
                    .orElseThrow(() -> new InvalidDeclarationException(
                            check.manifest(),
                            List.of(new InvalidDeclarationException.Violation(
                                    1,
                                    "there is no such file in commit " + CommitInfo.abbreviate(deployed.commit())
                                            + " of the config repository"))));
            known = JobManifest.read(check.manifest(), content, check.namespace());
            manifest = known;
        }
        return known;
    }

    private Sample judge(KubernetesJobs cluster, JsonNode job) {
        for (JsonNode condition : job.path("status").path("conditions")) {
            if (condition.path("status").asText().equals("True")) {
                switch (condition.path("type").asText()) {
                    case "Complete" -> {
                        hasEnded = true;
                        return new Sample(Sample.Kind.GOOD, title() + " completed");
                    }
                    case "Failed" -> {
                        hasEnded = true;
                        return new Sample(
                                Sample.Kind.FAILED,
                                title() + " failed: " + condition.path("reason").asText() + ": "
                                        + condition.path("message").asText(),
                                cluster.lastLines(manifest().namespace(), name));
                    }
                    default -> {
                        // It is on its way.
                    }
                }
            }
        }
        JsonNode status = job.path("status");
        // Clusters before 1.24 do not say how many are ready.
        boolean isRunning = status.path("active").asInt() > 0
                && (!status.has("ready") || status.path("ready").asInt() > 0);
        return Sample.missed(title() + (isRunning ? " is running" : " waits for its pod"));
    }

    /** A Job that has ended is deleted when others have had time to see how; one that has not ended, at once. */
    @Override
    public void ended() {
        Duration pause = hasEnded ? check.interval().multipliedBy(LOOKS_OF_OTHERS) : Duration.ZERO;
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, workers)
                .execute(this::delete);
    }

    private void delete() {
        over = true;
        busy.lock();
        try {
            if (access.wasCreated()) {
                try (KubernetesJobs cluster = access.cluster()) {
                    cluster.delete(manifest().namespace(), name);
                }
            }
        } catch (GitOpsException e) {
            LOGGER.log(
                    Level.WARNING, "{0} is left to the cluster to delete: {1}", new Object[] {title(), e.getMessage()});
        } finally {
            busy.unlock();
        }
    }

    private String title() {
        JobManifest known = manifest;
        return "Job " + (known == null ? "" : known.namespace() + "/") + name;
    }

    private static String clause(GitOpsException failure) {
        String sentence = failure.clause();
        return sentence.startsWith("Cannot ") ? "c" + sentence.substring(1) : sentence;
    }
}
