package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Decision;
import io.jenkins.plugins.gitops.engine.promotion.PromotionJudge.Deployed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;

/** One random history of shop: who does what and when. */
final class PromotionPlay {

    private static final List<String> ENVIRONMENTS = List.of("dev", "prod", "edge");

    private final int seed;
    private final boolean isTold;
    private final SplittableRandom random;
    private final Map<String, Set<String>> groups = new HashMap<>();
    private final PromotionJudge judge;
    private final PlayedRelease release;
    private final MemoryRepository repository = new MemoryRepository(this::now);
    private final PlayedController controller;
    private final Forger forger;
    private final Map<String, Integer> happened = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private final DeploymentNotes notes = new DeploymentNotes(repository, Shop.JENKINS);
    private Instant now;
    private String healthyInDev;
    private String broken = "";
    private int versions;
    private int ids;

    /** @param isTold whether a failure says all that happened */
    PromotionPlay(int seed, Instant begin, boolean isTold) {
        this.seed = seed;
        this.isTold = isTold;
        this.now = begin;
        random = new SplittableRandom(seed);
        for (String person : DrawnGate.PEOPLE) {
            groups.put(person, some(2, "rm", "qa"));
        }
        release = PlayedRelease.draw(random);
        judge = new PromotionJudge(DrawnGate.draw(random, release), groups, release.first());
        controller = new PlayedController(this, judge, repository, release);
        forger = new Forger(repository, random);
        Map<String, String> files = new HashMap<>(Map.of("gitops.yaml", judge.rules.yaml(release)));
        ENVIRONMENTS.forEach(environment -> files.putAll(release.files(environment, release.first())));
        repository.push("main", "Begin", files);
        say(judge.rules::toString);
        bump();
        observe();
    }

    /** How often what happened. */
    Map<String, Integer> happened() {
        return happened;
    }

    Instant now() {
        return now;
    }

    boolean oneIn(int so) {
        return random.nextInt(so) == 0;
    }

    void run() {
        for (int step = 16 + random.nextInt(12); step > 0; step--) {
            // What gates have read is a second old at most.
            now = now.plusSeconds(1 + random.nextInt(3));
            try {
                act();
            } catch (GitOpsException refusal) {
                String sentence = String.valueOf(refusal.getMessage());
                say(() -> sentence);
                count("refused");
                check(sentence.endsWith(".") && !sentence.contains("\n"), "no sentence: " + sentence);
            }
            controller.settle();
            check(broken.isEmpty(), broken);
        }
    }

    private void act() {
        switch (random.nextInt(32)) {
            case 0 -> bump();
            case 1, 2 -> observe();
            case 3, 4, 5, 6, 7 -> promote();
            case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> decide();
            case 20, 21 -> now = now.plus(Duration.ofMinutes(10 + random.nextInt(300)));
            case 22 -> lock();
            case 23 -> controller.restart();
            case 24, 25 -> rollBack();
            case 26, 29 -> note();
            case 27 -> review();
            case 28 -> amendOrLift();
            default -> forge();
        }
    }

    private void bump() {
        String author = person();
        String version = "1." + (oneIn(8) ? random.nextInt(versions + 1) : ++versions) + ".0";
        Map<String, String> some = release.some(random, version, versions);
        if (!oneIn(4)) {
            controller.bump(some, author);
            return;
        }
        if (oneIn(2)) {
            some.put(Carries.NAME, String.valueOf(random.nextInt(PlayedRelease.CONFIGURATIONS)));
        }
        String written = release.with(judge.runs.get("dev"), some);
        String commit = repository.forge(
                "main",
                new Identity(author, author + "@example.org"),
                "By hand",
                List.of(),
                release.files("dev", written));
        Deployed byHand = new Deployed(commit, written, Set.of(author), now);
        byHand.isByHand = true;
        judge.deploy("dev", byHand);
        say(() -> "dev has " + written + " by the hand of " + author + " " + commit);
    }

    private void observe() {
        boolean isIll = oneIn(8);
        healthyInDev = isIll ? null : judge.runs.get("dev");
        controller.observes(
                isIll
                        ? new Liveness.State.NotHealthy("pods crash")
                        : new Liveness.State.Healthy(
                                repository.tip("main", Progress.SILENT).commit(), now));
        judge.dev(healthyInDev, now);
        say(() -> "dev is healthy with " + healthyInDev);
    }

    private void promote() {
        String environment = oneIn(6) ? "edge" : "prod";
        boolean isHotfix = oneIn(judge.rules.hotfix() == null ? 8 : 3);
        String wanted = oneIn(6) ? forger.version() : "1." + random.nextInt(versions + 1) + ".0";
        ReleaseChoice choice = environment.equals("prod") && random.nextBoolean()
                ? new ReleaseChoice.Live()
                : switch (random.nextInt(4)) {
                    case 0 -> new ReleaseChoice.Tag(wanted);
                    case 1 -> new ReleaseChoice.Commit(anyCommit());
                    default ->
                        new ReleaseChoice.Versions(
                                release == PlayedRelease.IMAGE || oneIn(4)
                                        ? release.some(random, wanted, versions)
                                        : PlayedRelease.named(
                                                random,
                                                judge.last("dev")
                                                        .map(one -> one.version)
                                                        .orElse(release.first())));
                };
        controller.promote(environment, choice, isHotfix, person(), healthyInDev);
    }

    private void decide() {
        List<PlayedController.Waiting> waiting = controller.waiting();
        if (waiting.isEmpty()) {
            return;
        }
        String who = person();
        Set<Person.Permission> permissions = oneIn(8)
                ? Set.of()
                : who.equals("frank") ? EnumSet.allOf(Person.Permission.class) : Set.of(Person.Permission.APPROVE);
        controller.decide(
                waiting.get(random.nextInt(waiting.size())),
                new Person(who, who, null, groups.get(who), permissions),
                switch (random.nextInt(9)) {
                    case 0 -> new Decision(who, "withdraw", Set.of());
                    case 1 ->
                        new Decision(
                                who,
                                "override",
                                some(3, "approvals", "freeze", "soak", "hold", "source", "review", "lock"));
                    default -> new Decision(who, "approve", Set.of());
                });
    }

    /** Each with a chance of one in so many. */
    private Set<String> some(int so, String... all) {
        Set<String> some = new TreeSet<>();
        for (String each : all) {
            if (oneIn(so)) {
                some.add(each);
            }
        }
        return some;
    }

    private void lock() {
        RepositoryLocks locks = new RepositoryLocks(repository, Shop.JENKINS);
        if (judge.locks.stream().anyMatch(one -> now.isBefore(one.until())) && random.nextBoolean()) {
            List<Lock> all = locks.read(Progress.SILENT).inForce(now).toList();
            locks.lift(all, new RepositoryLocks.Lifting("lift-" + ids++, "dora", now, "fine", null), Progress.SILENT);
            judge.locks.clear();
            say(() -> "unlocked");
            return;
        }
        String place = oneIn(3) ? "*" : ENVIRONMENTS.get(random.nextInt(3));
        boolean stopsRollbacks = random.nextBoolean();
        Instant until = now.plus(Duration.ofMinutes(30 + random.nextInt(300)));
        Lock.Scope what = stopsRollbacks ? Lock.Scope.PROMOTIONS_AND_ROLLBACKS : Lock.Scope.PROMOTIONS;
        locks.set(new Lock("lock-" + ids++, "shop", place, "dora", now, until, "because", what, null), Progress.SILENT);
        judge.locks.add(new PromotionJudge.Locked(place, until, stopsRollbacks));
        say(() -> "locked " + place + (stopsRollbacks ? ", rollbacks included" : ""));
    }

    private void rollBack() {
        String environment = oneIn(4) ? "dev" : "prod";
        List<Deployed> before = judge.deployed.get(environment);
        RollbackTo to = oneIn(4)
                ? RollbackTo.commit(anyCommit())
                : before.isEmpty() || oneIn(2)
                        ? RollbackTo.previousHealthy()
                        : RollbackTo.commit(before.get(random.nextInt(before.size())).commit);
        controller.rollBack(environment, to, person());
    }

    /** What steps that wait for a sync write down. */
    private void note() {
        String environment = random.nextBoolean() ? "prod" : ENVIRONMENTS.get(random.nextInt(3));
        judge.last(environment).ifPresent(last -> {
            last.healthy = last.healthy == null ? now : last.healthy;
            notes.outcome("shop", environment, last.commit, Deployment.Outcome.HEALTHY, now, Progress.SILENT);
        });
    }

    private void review() {
        if (random.nextBoolean()) {
            lift();
            return;
        }
        for (String environment : List.of("prod", "edge")) {
            for (Deployed hotfix : judge.deployed.get(environment)) {
                if (hotfix.reviewDue != null) {
                    String who = person();
                    Person person = new Person(who, who, null, Set.of(), Set.of(Person.Permission.APPROVE));
                    new HotfixReview("shop", environment, hotfix.commit, "shop", person, "fine")
                            .record(repository, "main", controller.ledgers(), Shop.JENKINS, Progress.SILENT);
                    check(!hotfix.involved.contains(who), who + " reviewed a hotfix of their own");
                    hotfix.reviewDue = null;
                    count("review");
                    return;
                }
            }
        }
    }

    private void lift() {
        Ledger ledger = controller
                .ledgers()
                .of(
                        repository,
                        "main",
                        Declarations.read(repository.tip("main", Progress.SILENT), "main"),
                        Progress.SILENT);
        Optional<Hold> hold = ENVIRONMENTS.stream()
                .flatMap(environment -> ledger.holds("shop", environment))
                .findFirst();
        hold.ifPresent(held -> {
            notes.lift(held, "dora", "fine", Progress.SILENT);
            judge.holds.removeIf(one -> one.rollback().equals(held.rollback()));
            say(() -> "lifted " + held);
            count("lifted");
        });
    }

    /** By a pull request that was merged. */
    private void amendOrLift() {
        if (oneIn(3)) {
            judge.rules = DrawnGate.draw(random, release);
            repository.push("main", "Amend", Map.of("gitops.yaml", judge.rules.yaml(release)));
            say(() -> "amended to " + judge.rules);
        } else if (oneIn(2)) {
            lift();
        }
    }

    private void forge() {
        List<String> gates =
                controller.waiting().stream().map(each -> each.asked().gate).toList();
        String forgery = forger.push(now, versions, gates);
        say(() -> "forged: " + forgery);
        count("forged");
    }

    private String anyCommit() {
        List<CommitInfo> log = repository.log("main");
        return log.get(random.nextInt(log.size())).commit();
    }

    private String person() {
        return DrawnGate.PEOPLE[random.nextInt(DrawnGate.PEOPLE.length)];
    }

    void say(Supplier<String> what) {
        if (isTold) {
            story.add(what.get());
        }
    }

    void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    /** Fails once the event is over. */
    void broken(String how) {
        broken = how;
    }

    void check(boolean holds, String how) {
        if (!holds) {
            fail(how);
        }
    }

    void fail(String how) {
        throw new AssertionError("seed " + seed + ": " + how + ";\n" + String.join("\n", story));
    }
}
