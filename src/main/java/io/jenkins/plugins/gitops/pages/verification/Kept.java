package io.jenkins.plugins.gitops.pages.verification;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.RunIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file keeps of a verification.
 *
 * @param verification in the file a text with its JSON, which is read once
 * @param job full name of the job whose run deployed it
 * @param repository as the step chose it, to be understood from the job
 * @param run address of the run, or null
 * @param recorded whether its end is in the deployment history
 * @param identity whom the run acted as
 * @param builds those that began for this attempt, by the check's name
 * @param alerts that began to fire after its end
 */
record Kept(
        @JsonSerialize(using = Kept.ToText.class) @JsonDeserialize(using = Kept.FromText.class)
        Verification verification,

        String job,
        RepositoryChoice repository,
        @CheckForNull String run,
        boolean recorded,
        RunIdentity identity,
        Map<String, StartedBuild> builds,
        List<LateAlert> alerts) {

    Kept {
        // What earlier versions kept has none of them.
        identity = identity == null ? RunIdentity.UNKNOWN : identity;
        builds = builds == null ? Map.of() : Map.copyOf(builds);
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
    }

    Kept with(Verification now) {
        return new Kept(now, job, repository, run, recorded, identity, builds, alerts);
    }

    /** Its end is in the deployment history. */
    Kept recorded(Verification last) {
        return new Kept(last, job, repository, run, true, identity, builds, alerts);
    }

    Kept with(String check, StartedBuild build) {
        Map<String, StartedBuild> all = new TreeMap<>(builds);
        all.put(check, build);
        return new Kept(verification, job, repository, run, recorded, identity, all, alerts);
    }

    Kept with(List<LateAlert> late) {
        return new Kept(verification, job, repository, run, recorded, identity, builds, late);
    }

    Kept by(String fullName) {
        return new Kept(verification, fullName, repository, run, recorded, identity, builds, alerts);
    }

    /** @throws io.jenkins.plugins.gitops.engine.GitOpsException if the job is gone, or may not open it */
    OpenedRepository open() {
        Job<?, ?> found = GitOpsSettings.item(job, Job.class)
                .orElseThrow(() -> new RefusedException(Messages.GatedOrders_jobDeleted()));
        return repository.openForOrders(found);
    }

    static final class ToText extends JsonSerializer<Verification> {

        @Override
        public void serialize(Verification value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.json());
        }
    }

    static final class FromText extends JsonDeserializer<Verification> {

        @Override
        public Verification deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Verification.read(json.getText());
        }
    }

    /**
     * A build that began for a check, or a Job that was created in a cluster.
     *
     * @param job its full name; the Job's namespace and name
     * @param number 0 for a Job
     */
    record StartedBuild(String job, int number) {}

    /**
     * An alert that began to fire after the end of a verification.
     *
     * @param key of the alert and the time it began
     * @param recorded whether it is in the deployment history, or need not be any more
     */
    record LateAlert(String key, String line, boolean recorded) {}
}
