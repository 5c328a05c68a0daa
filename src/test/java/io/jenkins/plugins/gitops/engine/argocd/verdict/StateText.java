package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Health;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Hydration;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Source;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Timeline.Trouble;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A state of an Application and of a wait for it, written in words; terms are separated by semicolons:
 *
 * <pre>
 * sync STATE REVISION          status.sync; several revisions with commas, - for none
 * op PHASE REVISION ["message"] [partial] [retry N] [mark]
 * health STATE ["message"]     resource Kind/name STATE "message" [created SECOND|created -]
 * at SECOND                    reconciledAt; - for never        finished SECOND   of the operation
 * images A B                   of the pods; - for none          history A B       revisions of past syncs
 * condition Type "message"     auto off, requested, deleting, prunable, appofapps
 * old                          the operation is as it was when the wait began
 * sources repo@branch …        hydrator dry R hydrated R [compared R] [phase P attempted R "message"]
 * stuck N                      seconds since a new pod that cannot start was first seen so (0)
 * looked N                     seconds since the hydrator looked at its last dry commit (60)
 * unhealthy N, troubled N [once], steady N   for how many seconds it has been so; seen by one comparison
 * baseline SECOND              reconciledAt when the wait began (0)
 * before A B                   images of the pods when the wait began (shop:1)
 * compared normal|hard         a refresh that was accepted since the wait began is done
 * comparisons N, syncs N       how often reconciledAt has moved since, how many syncs have begun since (1)
 * missing N, gone              not there for N seconds; there once and no more
 * commit none, want A B, deadline SECOND, policy sync|resume|suspended|outofsync|grace N|stuck N
 * </pre>
 */
final class StateText {

    static final Instant START = Instant.parse("2026-08-01T10:00:00Z");
    static final Instant NOW = START.plusSeconds(100);

    private static final String CONFIG = "https://git.example.com/acme/config.git";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static final Map<String, String> COMMITS = Map.of(
            "OURS", "a".repeat(40),
            "NEWER", "b".repeat(40),
            "OLDER", "c".repeat(40),
            "OLDER2", "d".repeat(40),
            "FOREIGN", "e".repeat(40),
            "UNKNOWN", "f".repeat(40),
            "HYDRATED", "1".repeat(40),
            "HYDRATED0", "2".repeat(40));

    /** As a config repository would tell. */
    static final Function<String, CommitRelation> RELATIONS = revision -> Map.of(
                    "a".repeat(40), CommitRelation.SAME,
                    "b".repeat(40), CommitRelation.NEWER,
                    "c".repeat(40), CommitRelation.OLDER,
                    "d".repeat(40), CommitRelation.OLDER,
                    "f".repeat(40), CommitRelation.UNKNOWN)
            .getOrDefault(revision, CommitRelation.UNRELATED);

    private final Set<Trait> traits = EnumSet.of(Trait.AUTO_SYNC);
    private List<Source> sources = List.of(new Source(CONFIG, "main"));
    private SyncState sync = SyncState.UNKNOWN;
    private List<String> revisions = List.of();
    private Health health = new Health(HealthState.UNKNOWN, "", Optional.empty());
    private Optional<Operation> operation = Optional.empty();
    private Optional<Instant> finished = Optional.of(START.minusSeconds(3_600));
    private Optional<Instant> reconciled = Optional.empty();
    private final List<Condition> conditions = new ArrayList<>();
    private List<String> images = List.of();
    private List<List<String>> history = List.of();
    private Optional<Hydration> hydration = Optional.empty();
    private final List<ResourceState> resources = new ArrayList<>();

    private int comparisons;
    private int syncs = 1;
    private Optional<Refresh> compared = Optional.empty();
    private Optional<List<String>> imagesBefore = Optional.empty();
    private Optional<Instant> steadySince = Optional.empty();
    private Optional<Instant> unhealthySince = Optional.empty();
    private Instant stuckSince = NOW;
    private Optional<Trouble> trouble = Optional.empty();
    private Optional<Instant> lookedSince = Optional.of(NOW.minusSeconds(60));
    private Optional<Instant> missingSince = Optional.empty();
    private Optional<Instant> baseline = Optional.of(START);
    private boolean there = true;
    private boolean old;
    private boolean seen = true;

    private Optional<String> commit = Optional.of(COMMITS.get("OURS"));
    private Map<String, ImageReference> wanted = Map.of("0", ImageReference.parse("shop:2"));
    private Instant deadline = START.plusSeconds(10_000);
    private Duration grace = Policy.DEFAULT.trouble();
    private Duration stuck = Policy.DEFAULT.stuck();
    private final Set<Policy.Option> options = EnumSet.noneOf(Policy.Option.class);

    private StateText() {}

    static StateText parse(String text) {
        StateText state = new StateText();
        for (String term : text.split(";")) {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(term);
            while (matcher.find()) {
                words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
            state.read(words.get(0), words.subList(1, words.size()));
        }
        return state;
    }

    Verdict verdict() {
        Verdict verdict = VerdictRule.decide(expectation(), policy(), "wait-1", timeline(), RELATIONS, NOW);
        boolean over = !NOW.isBefore(deadline) && verdict instanceof Verdict.Pending;
        return over ? new Verdict.TimedOut(verdict.explanation()) : verdict;
    }

    private void read(String term, List<String> words) {
        switch (term) {
            case "sync" -> {
                sync = SyncState.of(words.get(0));
                revisions = revisions(words.get(1));
            }
            case "op" -> {
                operation = Optional.of(operation(words));
                if (words.contains("partial")) {
                    traits.add(Trait.PARTLY_SYNCED);
                }
            }
            case "finished" -> finished = Optional.of(second(words.get(0)));
            case "health" ->
                health = new Health(
                        HealthState.of(words.get(0)), words.size() > 1 ? words.get(1) : "", Optional.empty());
            case "resource" ->
                resources.add(new ResourceState(
                        words.get(0).split("/")[0],
                        "shop",
                        words.get(0).split("/")[1],
                        HealthState.of(words.get(1)),
                        words.get(2),
                        created(words),
                        Optional.empty()));
            case "at" -> reconciled = words.get(0).equals("-") ? Optional.empty() : Optional.of(second(words.get(0)));
            case "images" -> images = words.get(0).equals("-") ? List.of() : images(words);
            case "history" -> history = words.stream().map(StateText::revisions).toList();
            case "condition" -> conditions.add(new Condition(words.get(0), commits(words.get(1)), Optional.empty()));
            case "old" -> old = true;
            case "auto" -> traits.remove(Trait.AUTO_SYNC);
            case "requested" -> traits.add(Trait.OPERATION_REQUESTED);
            case "deleting" -> traits.add(Trait.DELETING);
            case "prunable" -> traits.add(Trait.NEEDS_PRUNING);
            case "appofapps" -> traits.add(Trait.APP_OF_APPS);
            case "sources" ->
                sources = words.stream()
                        .map(word -> new Source(
                                "https://git.example.com/acme/" + word.split("@")[0] + ".git", word.split("@")[1]))
                        .toList();
            case "hydrator" -> hydration = Optional.of(hydration(words));
            case "compared" ->
                compared = Optional.of(Refresh.valueOf(words.get(0).toUpperCase(Locale.ROOT)));
            case "comparisons" -> comparisons = Integer.parseInt(words.get(0));
            case "syncs" -> syncs = Integer.parseInt(words.get(0));
            case "before" -> imagesBefore = Optional.of(words.get(0).equals("-") ? List.of() : images(words));
            case "steady" -> steadySince = Optional.of(ago(words.get(0)));
            case "stuck" -> stuckSince = ago(words.get(0));
            case "looked" -> lookedSince = Optional.of(ago(words.get(0)));
            case "unhealthy" -> unhealthySince = Optional.of(ago(words.get(0)));
            case "troubled" -> trouble = Optional.of(new Trouble(ago(words.get(0)), words.size() > 1 ? 0 : -1));
            case "missing" -> {
                there = false;
                seen = false;
                missingSince = Optional.of(ago(words.get(0)));
            }
            case "gone" -> there = false;
            case "baseline" -> baseline = Optional.of(second(words.get(0)));
            case "commit" -> commit = Optional.empty();
            case "want" -> wanted = words.get(0).equals("none") ? Map.of() : wanted(words);
            case "deadline" -> deadline = second(words.get(0));
            case "policy" -> policy(words);
            default -> throw new IllegalArgumentException("no such term: " + term);
        }
    }

    /** A pod is of the newest version of its workload and came after the sync, if nothing else is said. */
    private static Optional<Instant> created(List<String> words) {
        String second = words.size() > 4 ? words.get(4) : words.get(0).startsWith("Pod/") ? "50" : "-";
        return second.equals("-") ? Optional.empty() : Optional.of(second(second));
    }

    private void policy(List<String> words) {
        switch (words.get(0)) {
            case "sync" -> options.add(Policy.Option.SYNC);
            case "resume" -> options.add(Policy.Option.RESUME);
            case "suspended" -> options.add(Policy.Option.ACCEPT_SUSPENDED);
            case "outofsync" -> options.add(Policy.Option.ACCEPT_OUT_OF_SYNC);
            case "stuck" -> stuck = Duration.ofSeconds(Long.parseLong(words.get(1)));
            case "grace" -> grace = Duration.ofSeconds(Long.parseLong(words.get(1)));
            default -> throw new IllegalArgumentException("no such policy: " + words);
        }
    }

    private static Operation operation(List<String> words) {
        String message = "";
        long retries = 0;
        Map<String, String> marks = Map.of();
        for (int i = 2; i < words.size(); i++) {
            switch (words.get(i)) {
                case "partial" -> {}
                case "mark" -> marks = Map.of(ArgoCd.MARK, "wait-1");
                case "retry" -> retries = Long.parseLong(words.get(++i));
                default -> message = words.get(i);
            }
        }
        return new Operation(
                Operation.Phase.of(words.get(0)),
                message,
                revisions(words.get(1)),
                Optional.empty(),
                Optional.empty(),
                retries,
                marks,
                List.of());
    }

    private static Hydration hydration(List<String> words) {
        Map<String, String> terms = new TreeMap<>(Map.of("message", ""));
        for (int i = 0; i < words.size(); i++) {
            if (i + 1 < words.size()) {
                terms.put(words.get(i), COMMITS.getOrDefault(words.get(i + 1), words.get(i + 1)));
                i++;
            } else {
                terms.put("message", words.get(i));
            }
        }
        return new Hydration(
                terms.getOrDefault("phase", "Hydrated"),
                terms.get("message"),
                terms.getOrDefault("attempted", ""),
                terms.get("dry"),
                terms.get("hydrated"),
                terms.getOrDefault("compared", ""));
    }

    private Expectation expectation() {
        return new Expectation(commit, wanted, Optional.of(CONFIG), Optional.of("main"));
    }

    private Policy policy() {
        return new Policy(grace, Policy.DEFAULT.appearance(), stuck, Refresh.NORMAL, options);
    }

    private Timeline timeline() {
        return new Timeline(
                there ? Optional.of(application()) : Optional.empty(),
                seen ? Optional.of(first()) : Optional.empty(),
                Optional.empty(),
                compared,
                comparisons,
                syncs,
                Optional.empty(),
                new StuckPods(resources.stream()
                        .filter(ResourceState::isStuck)
                        .collect(Collectors.toMap(
                                ResourceState::name, pod -> new StuckPods.Sight(pod, stuckSince, Optional.empty())))),
                new Timeline.Since(lookedSince, missingSince, steadySince, unhealthySince, trouble));
    }

    /** As it was when the wait began, where that matters. */
    private Observation first() {
        Observation now = application();
        return new Observation(
                now.name(),
                now.resourceVersion(),
                now.labels(),
                now.traits(),
                now.refresh(),
                now.sources(),
                now.sync(),
                now.revisions(),
                now.health(),
                old ? now.operation() : Optional.empty(),
                baseline,
                now.conditions(),
                imagesBefore.orElse(List.of("shop:1")),
                now.history(),
                now.hydration(),
                now.resources(),
                now.children());
    }

    Observation application() {
        return new Observation(
                new ApplicationName("argocd", "shop-prod"),
                "1",
                Map.of(),
                traits,
                Optional.empty(),
                sources,
                sync,
                revisions,
                health,
                operation.map(this::timed),
                reconciled,
                conditions,
                images,
                history,
                hydration,
                resources,
                List.of());
    }

    private Operation timed(Operation untimed) {
        return new Operation(
                untimed.phase(),
                untimed.message(),
                untimed.revisions(),
                finished.map(end -> end.minusSeconds(5)),
                untimed.isFinished() ? finished : Optional.empty(),
                untimed.retries(),
                untimed.marks(),
                List.of());
    }

    private static List<String> revisions(String text) {
        return text.equals("-")
                ? List.of()
                : List.of(text.split(",")).stream()
                        .map(name -> COMMITS.getOrDefault(name, name))
                        .toList();
    }

    private static String commits(String text) {
        String replaced = text;
        for (Map.Entry<String, String> commit : COMMITS.entrySet()) {
            replaced = replaced.replace("[" + commit.getKey() + "]", "[" + commit.getValue() + "]");
        }
        return replaced;
    }

    private static Map<String, ImageReference> wanted(List<String> words) {
        return images(words).stream().collect(Collectors.toMap(image -> image, ImageReference::parse));
    }

    private static List<String> images(List<String> words) {
        return words.stream()
                .map(word -> word.replace("OTHERDIGEST", "sha256:" + "8".repeat(64))
                        .replace("DIGEST", "sha256:" + "7".repeat(64)))
                .toList();
    }

    private static Instant second(String text) {
        return START.plusSeconds(Long.parseLong(text));
    }

    private static Instant ago(String seconds) {
        return NOW.minusSeconds(Long.parseLong(seconds));
    }
}
