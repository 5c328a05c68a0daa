package io.jenkins.plugins.gitops.engine.promotion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What really happened to shop, told by whoever made it happen, and by that which releases may go where: the rules of gates
 * written again, slowly and obviously. Knows nothing of commits' trailers, notes, signatures and events, which may lie. Every
 * method answers with what is broken.
 */
final class PromotionJudge {

    private static final Optional<String> FINE = Optional.empty();

    /** One deployment. */
    static final class Deployed {
        final String commit;
        final String version;
        final Set<String> authors;
        final Instant at;
        Instant healthy;
        boolean isTakenBack;
        boolean isByHand;
        Instant reviewDue;
        Set<String> involved = Set.of();

        Deployed(String commit, String version, Set<String> authors, Instant at) {
            this.commit = commit;
            this.version = version;
            this.authors = authors;
            this.at = at;
        }
    }

    /** What dev was healthy with, and since when. */
    private record Health(String version, Instant from, Instant to) {}

    /** A rollback of an environment keeps a version from it. */
    record Held(String environment, String version, String rollback) {}

    /** {@code *} for every environment. */
    record Locked(String environment, Instant until, boolean stopsRollbacks) {

        boolean covers(String other, Instant now) {
            return (environment.equals("*") || environment.equals(other)) && now.isBefore(until);
        }
    }

    /** Why somebody wants a release in an environment. */
    enum Kind {
        LIVE,
        CHOSEN,
        ROLLBACK
    }

    /** Somebody has decided at its gate, with the permission for it. */
    record Decision(String person, String what, Set<String> skips) {}

    /** One request, as it was planned. */
    static final class Asked {
        final String gate;
        final Kind kind;
        final boolean isHotfix;
        final String environment;
        final String version;
        final String replaces;
        final String starter;
        final DrawnGate rules;
        final Set<String> authors;
        final Instant openedAt;
        final List<Decision> decisions = new ArrayList<>();
        Optional<String> granted = Optional.of("nobody granted it");
        String commit = "";
        boolean changedNothing;

        Asked(
                String gate,
                Kind kind,
                boolean isHotfix,
                String environment,
                String version,
                String starter,
                PromotionJudge judge,
                Instant openedAt) {
            this.gate = gate;
            this.kind = kind;
            this.isHotfix = isHotfix;
            this.environment = environment;
            this.version = version;
            this.starter = starter;
            this.rules = judge.rules;
            this.replaces = judge.runs.get(environment);
            this.openedAt = openedAt;
            this.authors = kind == Kind.ROLLBACK || !environment.equals("prod")
                    ? Set.of()
                    : judge.authorsOf(version, replaces);
        }

        Set<String> approvers() {
            Set<String> people = new HashSet<>();
            decisions.forEach(decision -> {
                if (decision.what().equals("approve")) {
                    people.add(decision.person());
                } else if (decision.what().equals("withdraw")) {
                    people.remove(decision.person());
                }
            });
            return people;
        }

        Set<String> waived() {
            Set<String> waived = new HashSet<>();
            decisions.forEach(decision -> waived.addAll(decision.skips()));
            return waived;
        }

        Set<String> skipped() {
            return isHotfix && rules.hotfix() != null ? rules.hotfix().skips() : Set.of();
        }

        boolean asks(String requirement) {
            return !waived().contains(requirement) && !skipped().contains(requirement);
        }
    }

    final Map<String, List<Deployed>> deployed =
            Map.of("dev", new ArrayList<>(), "prod", new ArrayList<>(), "edge", new ArrayList<>());
    final Map<String, String> runs = new HashMap<>();
    final List<Held> holds = new ArrayList<>();
    final List<Locked> locks = new ArrayList<>();
    private final List<Health> health = new ArrayList<>();
    private final Map<String, Set<String>> groups;
    DrawnGate rules;

    /** @param first the release that all environments begin with */
    PromotionJudge(DrawnGate rules, Map<String, Set<String>> groups, String first) {
        this.rules = rules;
        deployed.keySet().forEach(environment -> runs.put(environment, first));
        this.groups = groups;
    }

    /** Argo CD says that dev is healthy with this version from now on; null for not healthy. */
    void dev(String version, Instant now) {
        if (!health.isEmpty() && health.get(health.size() - 1).to() == null) {
            Health last = health.remove(health.size() - 1);
            health.add(new Health(last.version(), last.from(), now));
        }
        if (version != null) {
            health.add(new Health(version, now, null));
            last("dev").filter(one -> one.version.equals(version)).ifPresent(one -> {
                one.healthy = one.healthy == null ? now : one.healthy;
            });
        }
    }

    Optional<Deployed> last(String environment) {
        List<Deployed> all = deployed.get(environment);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    void deploy(String environment, Deployed deployment) {
        deployed.get(environment).add(deployment);
        runs.put(environment, deployment.version);
    }

    /** A rollback took a deployment back: its version does not come again by itself. */
    void takenBack(String environment, String bad, String rollback) {
        deployed.get(environment).stream().filter(one -> one.commit.equals(bad)).forEach(one -> {
            one.isTakenBack = true;
            holds.add(new Held(environment, one.version, rollback));
        });
    }

    /**
     * Of every deployment of dev that came after what prod runs, up to the version's own; at least these, whichever
     * deployment of the version is meant. Of a version that somebody pushed by hand, and that was never healthy, nobody
     * knows where to look once it is gone.
     */
    private Set<String> authorsOf(String version, String replaced) {
        List<Deployed> dev = deployed.get("dev");
        Set<String> common = null;
        for (int last = 0; last < dev.size(); last++) {
            if (dev.get(last).version.equals(version)) {
                Set<String> authors = new HashSet<>();
                boolean isLost = last < dev.size() - 1 && dev.get(last).isByHand;
                for (int at = last; !isLost && at >= 0 && !dev.get(at).version.equals(replaced); at--) {
                    authors.addAll(dev.get(at).authors);
                }
                if (common == null) {
                    common = authors;
                } else {
                    common.retainAll(authors);
                }
            }
        }
        return common == null ? Set.of() : common;
    }

    /** Whether a request may have got as far as its gate, or past all gates where there is none. */
    Optional<String> planned(Asked asked, String live) {
        DrawnGate.Hotfix part = rules.isDeclared() ? rules.hotfix() : null;
        if (asked.isHotfix && rules.isDeclared() && part == null) {
            return Optional.of("a hotfix where the gate takes none");
        }
        boolean skipsProof = asked.isHotfix && (part == null || part.skips().contains("source"));
        if (asked.kind == Kind.LIVE && !asked.version.equals(live)) {
            return Optional.of(asked.version + " is not what is live and healthy in dev");
        } else if (asked.kind == Kind.CHOSEN
                && asked.environment.equals("prod")
                && !skipsProof
                && !wasHealthyInDev(asked.version)) {
            return Optional.of(asked.version + " was never healthy in dev");
        }
        return FINE;
    }

    private boolean wasHealthyInDev(String version) {
        return deployed.get("dev").stream()
                .anyMatch(one -> one.version.equals(version) && one.healthy != null && !one.isTakenBack);
    }

    /** What does not hold of what a gate asks for, but for approvals. */
    Optional<String> unmet(Asked asked, boolean isLive, Instant now) {
        boolean isProven = asked.environment.equals("prod") && asked.kind != Kind.ROLLBACK;
        boolean isFrozen = rules.isFrozen(asked.environment, now) || rules.isAsleep(now) || asked.rules.isAsleep(now);
        if (isFrozen && asked.asks("freeze")) {
            return Optional.of("it was frozen");
        } else if (asked.kind != Kind.ROLLBACK && isLocked(asked.environment, false, now)) {
            return Optional.of("it was locked");
        } else if (asked.kind != Kind.ROLLBACK
                && asked.asks("hold")
                && holds.contains(new Held(asked.environment, asked.version, rollbackOf(asked)))) {
            return Optional.of("it was held");
        } else if (isProven && asked.asks("source") && asked.kind == Kind.CHOSEN && !wasHealthyInDev(asked.version)) {
            return Optional.of("it was taken back in dev, or never healthy there");
        } else if (asked.kind == Kind.LIVE && asked.asks("source") && !isLive) {
            return Optional.of("dev was not healthy");
        } else if (isProven && asked.rules.soak() > 0 && asked.asks("soak") && !hasSoaked(asked, now)) {
            return Optional.of("it had not soaked");
        } else if (isReviewOverdue(asked, now)) {
            return Optional.of("a hotfix was overdue for review");
        }
        return FINE;
    }

    private String rollbackOf(Asked asked) {
        return holds.stream()
                .filter(held -> held.environment().equals(asked.environment)
                        && held.version().equals(asked.version))
                .map(Held::rollback)
                .findFirst()
                .orElse("");
    }

    boolean isLocked(String environment, boolean isRollback, Instant now) {
        return locks.stream().anyMatch(lock -> lock.covers(environment, now) && (!isRollback || lock.stopsRollbacks()));
    }

    private boolean hasSoaked(Asked asked, Instant now) {
        Duration soak = Duration.ofMinutes(asked.rules.soak());
        boolean lived = health.stream()
                .anyMatch(span -> span.version().equals(asked.version)
                        && !(span.to() == null ? now : span.to())
                                .isBefore(span.from().plus(soak)));
        List<Deployed> dev = deployed.get("dev");
        for (int at = 0; at < dev.size(); at++) {
            Instant end = at + 1 < dev.size() ? dev.get(at + 1).at : now;
            if (dev.get(at).version.equals(asked.version)
                    && dev.get(at).healthy != null
                    && !end.isBefore(dev.get(at).healthy.plus(soak))) {
                return true;
            }
        }
        return lived;
    }

    private boolean isReviewOverdue(Asked asked, Instant now) {
        return asked.kind != Kind.ROLLBACK
                && !asked.isHotfix
                && asked.rules.hotfix() != null
                && asked.asks("review")
                && deployed.get(asked.environment).stream()
                        .anyMatch(one -> one.reviewDue != null && one.reviewDue.isBefore(now));
    }

    /** Whether what a request asked for may be written into its environment now. */
    Optional<String> committed(Asked asked, Instant now) {
        boolean isRollback = asked.kind == Kind.ROLLBACK;
        if (!asked.commit.isEmpty()) {
            return Optional.of("one request was committed twice");
        } else if (isLocked(asked.environment, isRollback, now)) {
            return Optional.of("committed although it is locked");
        } else if (!isAsSeenOrWanted(asked, runs.get(asked.environment))) {
            return Optional.of("wrote over what somebody else put there");
        }
        if (!rules.isDeclared() && !asked.rules.isDeclared()) {
            return FINE;
        } else if (asked.granted.isPresent()) {
            return Optional.of("committed although " + asked.granted.get());
        }
        for (DrawnGate each : List.of(asked.rules, rules)) {
            if (each.isDeclared() && asked.isHotfix && each.hotfix() == null) {
                return Optional.of("a hotfix where the gate takes none");
            } else if (each.isDeclared() && !isReached(asked, each)) {
                return Optional.of("committed without the approvals that are due: " + each);
            }
        }
        return FINE;
    }

    /** Each part of a release for itself: somebody else may have brought one of them already. */
    private static boolean isAsSeenOrWanted(Asked asked, String running) {
        String[] now = running.split("/");
        String[] seen = asked.replaces.split("/");
        String[] wanted = asked.version.split("/");
        return IntStream.range(0, now.length).allMatch(i -> now[i].equals(seen[i]) || now[i].equals(wanted[i]));
    }

    /** Recovery needs no gate: back to what was healthy there, unless somebody holds it or the gate guards it, too. */
    Optional<String> recovered(String environment, String version, Instant now) {
        boolean wasHealthy = deployed.get(environment).stream()
                .anyMatch(one -> one.version.equals(version) && one.healthy != null && !one.isTakenBack);
        boolean isHeld = holds.stream()
                .anyMatch(held ->
                        held.environment().equals(environment) && held.version().equals(version));
        if (isLocked(environment, true, now)) {
            return Optional.of("rolled back although that is locked");
        } else if (environment.equals("prod") && rules.isDeclared() && rules.guardsRollbacks()) {
            return Optional.of("recovered past a gate that guards it");
        } else if (!environment.equals("dev") && rules.isDeclared() && !version.equals(lastHealthy(environment))) {
            return Optional.of(version + " came back past the gate, and was not the last healthy release");
        }
        return wasHealthy && !isHeld ? FINE : Optional.of(version + " came back, which was never good or is held");
    }

    private String lastHealthy(String environment) {
        List<Deployed> all = deployed.get(environment);
        for (int at = all.size() - 2; at >= 0; at--) {
            Deployed one = all.get(at);
            if (one.healthy != null && !one.isTakenBack && !one.version.equals(runs.get(environment))) {
                return one.version;
            }
        }
        return "";
    }

    private boolean isReached(Asked asked, DrawnGate rules) {
        if (asked.waived().contains("approvals")) {
            return true;
        }
        Set<String> people = asked.approvers();
        if (rules.separates()) {
            people.remove(asked.starter);
            people.removeAll(asked.authors);
        }
        List<DrawnGate.Quorum> seats = new ArrayList<>();
        for (DrawnGate.Quorum quorum : asked.isHotfix ? rules.hotfix().approvals() : rules.approvals()) {
            for (int seat = 0; seat < quorum.required(); seat++) {
                seats.add(quorum);
            }
        }
        return canSeat(seats, people);
    }

    private boolean canSeat(List<DrawnGate.Quorum> seats, Set<String> people) {
        if (seats.isEmpty()) {
            return true;
        }
        for (String person : people) {
            List<String> from = seats.get(0).from();
            Set<String> rest = new HashSet<>(people);
            rest.remove(person);
            boolean fits = from.isEmpty()
                    || from.contains(person)
                    || groups.get(person).stream().anyMatch(from::contains);
            if (fits && canSeat(seats.subList(1, seats.size()), rest)) {
                return true;
            }
        }
        return false;
    }
}
