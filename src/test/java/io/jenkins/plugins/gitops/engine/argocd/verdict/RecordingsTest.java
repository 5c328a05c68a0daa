package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what a real Argo CD did ({@code recordings/README.md}): for every commit, from every start, after every event and
 * whenever the wait looks again by itself. No verdict is Healthy before the commit is live, and none comes later than one
 * event after.
 */
class RecordingsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "git.example/config";
    private static final List<String> NAMES = List.of(
            "lab-auto",
            "lab-child",
            "lab-deg",
            "lab-heal",
            "lab-hook",
            "lab-hpr",
            "lab-hyd",
            "lab-imm",
            "lab-manual",
            "lab-multi",
            "lab-parent",
            "lab-win",
            "many-00",
            "many-01",
            "many-02",
            "many-03",
            "many-04",
            "many-05",
            "many-06",
            "many-07",
            "many-08",
            "many-09",
            "shop-dev");

    @TestFactory
    Stream<DynamicTest> aVerdictIsNeverHealthyTooEarlyNorTooLate() {
        return NAMES.stream().map(name -> DynamicTest.dynamicTest(name, () -> replay(Recording.read(name))));
    }

    @Test
    void noRecordingIsLeftOut() throws Exception {
        try (Stream<Path> files = Files.list(
                Path.of(RecordingsTest.class.getResource("recordings/README.md").toURI())
                        .getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".gz")))
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream().map(name -> name + ".jsonl.gz").toList());
        }
    }

    private static void replay(Recording recording) {
        int healthy = IntStream.range(0, recording.events.size())
                .parallel()
                .map(start -> {
                    List<Timeline> timelines = recording.timelines(start);
                    return (int) recording.commits.stream()
                            .filter(commit -> recording.replay(commit, start, timelines))
                            .count();
                })
                .sum();
        // A replay that never gets anywhere would prove nothing.
        assertThat(healthy).isPositive();
    }

    /** One Application's changes, oldest first. */
    private static final class Recording {

        final String name;
        final List<Observation> events = new ArrayList<>();
        final List<Instant> times = new ArrayList<>();
        /** Of the config repository, in the order in which they were pushed. */
        final List<String> commits;

        private final Map<String, Integer> order = new HashMap<>();

        private Recording(String name, JsonNode head, List<JsonNode> changes) {
            this.name = name;
            int version = 100;
            for (JsonNode change : changes) {
                ObjectNode application = application(head, change, ++version);
                Observation seen = ApplicationReader.read(application);
                // What the Kubernetes API's client makes of it is the same.
                assertThat(ApplicationReader.read(
                                JSON.valueToTree(JSON.convertValue(application, GenericKubernetesResource.class))))
                        .isEqualTo(seen);
                events.add(seen);
                times.add(Instant.parse("2026-11-29T" + change.path("t").asText() + "Z"));
            }
            this.commits = List.copyOf(commits());
            commits.forEach(commit -> order.put(commit, order.size()));
        }

        static Recording read(String name) throws IOException {
            try (InputStream file = RecordingsTest.class.getResourceAsStream("recordings/" + name + ".jsonl.gz");
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
                List<JsonNode> all = lines.lines().map(Recording::parse).toList();
                return new Recording(name, all.get(0), all.subList(1, all.size()));
            }
        }

        private static JsonNode parse(String line) {
            try {
                return JSON.readTree(line);
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }

        /** As the API server had it. */
        private static ObjectNode application(JsonNode head, JsonNode change, int version) {
            ObjectNode resource = JsonNodeFactory.instance.objectNode();
            resource.put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Application");
            ObjectNode metadata = resource.putObject("metadata");
            metadata.put("namespace", "argocd")
                    .put("name", head.path("application").asText());
            metadata.put("resourceVersion", String.valueOf(version));
            if (change.has("annotations")) {
                metadata.set("annotations", change.path("annotations"));
            }
            resource.set("spec", head.path("spec"));
            if (change.path("operation").asBoolean()) {
                resource.putObject("operation").putObject("sync");
            }
            ObjectNode status = resource.putObject("status");
            for (String field : List.of("sync", "health", "reconciledAt", "conditions", "sourceHydrator")) {
                if (change.has(field)) {
                    status.set(field, change.path(field));
                }
            }
            status.putObject("summary").set("images", change.path("images"));
            if (change.has("operationState")) {
                ObjectNode state = change.path("operationState").deepCopy();
                state.set("syncResult", change.path("syncResult"));
                status.set("operationState", state);
            }
            for (JsonNode revision : change.path("history")) {
                ObjectNode entry = status.withArray("history").addObject();
                entry.set(revision.isArray() ? "revisions" : "revision", revision);
            }
            return resource;
        }

        private Set<String> commits() {
            Set<String> found = new LinkedHashSet<>();
            for (Observation event : events) {
                event.hydration()
                        .ifPresent(hydration ->
                                found.addAll(List.of(hydration.dry(), hydration.compared(), hydration.attempted())));
                for (int i = 0;
                        i < event.revisions().size() && event.hydration().isEmpty();
                        i++) {
                    if (event.sources().get(i).repository().equals(CONFIG)) {
                        found.add(event.revisions().get(i));
                    }
                }
            }
            found.removeIf(revision -> !revision.matches("[0-9a-f]{40}"));
            return found;
        }

        private CommitRelation relation(String commit, String revision) {
            if (!order.containsKey(revision)) {
                return CommitRelation.UNRELATED;
            }
            int ahead = order.get(revision).compareTo(order.get(commit));
            return ahead == 0 ? CommitRelation.SAME : ahead > 0 ? CommitRelation.NEWER : CommitRelation.OLDER;
        }

        /** What a wait that begins at an event has seen after that one and each one that follows. */
        List<Timeline> timelines(int start) {
            List<Timeline> timelines = new ArrayList<>();
            Timeline timeline = Timeline.START;
            for (int i = start; i < events.size(); i++) {
                timeline = timeline.next(Optional.of(events.get(i)), Optional.empty(), times.get(i));
                timelines.add(timeline);
            }
            return timelines;
        }

        /** Whether it ended Healthy. */
        boolean replay(String commit, int start, List<Timeline> timelines) {
            int live = start;
            while (live < events.size()
                    && !(isLive(commit, events.get(live))
                            && isHydrated(commit, live, timelines.get(live - start), times.get(live)))) {
                live++;
            }
            int end = wait(commit, start, live, timelines, Map.of());
            if (end >= 0 && events.get(live).images().size() == 1) {
                ImageReference image =
                        ImageReference.parse(events.get(live).images().get(0));
                wait(commit, start, live, timelines, Map.of("web", image));
            }
            return end >= 0;
        }

        private int wait(
                String commit, int start, int live, List<Timeline> timelines, Map<String, ImageReference> images) {
            Expectation expected =
                    new Expectation(Optional.of(commit), images, Optional.of(CONFIG), Optional.of("main"));
            for (int i = start; i < events.size(); i++) {
                Timeline timeline = timelines.get(i - start);
                Verdict verdict = decide(expected, commit, timeline, times.get(i));
                if (verdict instanceof Verdict.Healthy) {
                    assertThat(i)
                            .as("%s %s from %d at %d: %s", name, commit, start, i, verdict)
                            .isBetween(live, live + 1);
                    return i;
                }
                if (verdict instanceof Verdict.Pending) {
                    assertThat(i)
                            .as("%s %s from %d at %d: %s", name, commit, start, i, verdict)
                            .isLessThanOrEqualTo(live);
                    verdict = untilNextEvent(expected, commit, i, timeline, verdict);
                    if (!(verdict instanceof Verdict.Pending)) {
                        return verdict instanceof Verdict.Healthy ? i : -1;
                    }
                    continue;
                }
                assertThat(mayEnd(events.get(i)))
                        .as("%s %s from %d at %d: %s", name, commit, start, i, verdict)
                        .isTrue();
                return -1;
            }
            return -1;
        }

        private Verdict decide(Expectation expected, String commit, Timeline timeline, Instant now) {
            return VerdictRule.decide(
                    expected, Policy.DEFAULT, "wait", timeline, revision -> relation(commit, revision), now);
        }

        /** What the wait makes of an event when it looks at it again, as often as it wants to, before the next one. */
        private Verdict untilNextEvent(
                Expectation expected, String commit, int event, Timeline timeline, Verdict first) {
            Verdict verdict = first;
            Instant next = event + 1 < events.size() ? times.get(event + 1) : Instant.MAX;
            Instant now = times.get(event);
            while (verdict instanceof Verdict.Pending pending
                    && pending.reviewAt()
                            .filter(next::isAfter)
                            .filter(now::isBefore)
                            .isPresent()) {
                now = pending.reviewAt().get();
                verdict = decide(expected, commit, timeline, now);
            }
            assertThat(verdict instanceof Verdict.Pending
                            || (verdict instanceof Verdict.Healthy
                                    ? isLive(commit, events.get(event)) && isHydrated(commit, event, timeline, now)
                                    : mayEnd(events.get(event))))
                    .as("%s %s at %s after %d: %s", name, commit, now, event, verdict)
                    .isTrue();
            return verdict;
        }

        /** The ground truth, in the README's words. */
        private boolean isLive(String commit, Observation seen) {
            List<String> revisions = seen.dry(seen.revisions());
            boolean arrived = revisions.stream()
                    .anyMatch(revision -> relation(commit, revision).hasArrived());
            return arrived
                    && seen.sync() == SyncState.SYNCED
                    && seen.health().state() == HealthState.HEALTHY
                    && !seen.is(Observation.Trait.OPERATION_REQUESTED)
                    && seen.operation()
                            .map(last -> last.phase() == Operation.Phase.SUCCEEDED
                                    || last.isFailed() && isBefore(commit, seen.dry(last.revisions())))
                            .orElse(true);
        }

        /**
         * A dry commit that Argo CD only looked at may be about to be hydrated: seen on a real one, for moments. After a
         * minute it changes nothing of the Application.
         */
        private boolean isHydrated(String commit, int event, Timeline seen, Instant at) {
            Observation now = events.get(event);
            return !now.isOnlyCompared()
                    || relation(commit, now.hydration().orElseThrow().dry()).hasArrived()
                    || !at.isBefore(seen.since().compared().orElseThrow().plusSeconds(60));
        }

        /** The sync of an earlier commit is none of this one, which had nothing to sync. */
        private boolean isBefore(String commit, List<String> revisions) {
            return revisions.stream()
                    .noneMatch(revision -> relation(commit, revision).hasArrived());
        }

        /** A failed sync, lasting trouble, or pods that do not become ready. */
        private static boolean mayEnd(Observation seen) {
            return seen.operation().filter(last -> last.isFailed()).isPresent()
                    || seen.conditions().stream().anyMatch(Observation.Condition::isError)
                    || seen.health().state() == HealthState.DEGRADED
                    || seen.health().state() == HealthState.MISSING;
        }
    }
}
