package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Somebody who can push everything but a change of the environments' files, has no trusted key, and calls himself Jenkins. */
record Forger(MemoryRepository repository, SplittableRandom random) {

    /** One that nobody but the forger speaks of. */
    String version() {
        return "6.6." + random.nextInt(3);
    }

    /** @param gates ids of those that are open, which are no secret; returns what was pushed */
    String push(Instant now, int versions, List<String> gates) {
        String environment = random.nextInt(3) == 0 ? "prod" : "dev";
        String version = random.nextInt(3) == 0 ? version() : "1." + random.nextInt(versions + 1) + ".0";
        String image = "api=ghcr.io/acme/shop-api:" + version;
        return switch (random.nextInt(9)) {
            case 0 -> note(environment, DeploymentNotes.OUTCOME, "healthy");
            case 1 -> note(environment, DeploymentNotes.OUTCOME, "failed");
            case 2 -> note(environment, DeploymentNotes.HOLD_LIFTED, "zoe: it is fine");
            case 3 -> note(environment, DeploymentNotes.REVIEWED, "zoe: it is fine");
            case 4 -> deploy(environment, Trailers.IMAGE, image, Trailers.APPROVED_BY, "bob (rm)");
            case 5 -> deploy("prod", Trailers.IMAGE, image, Trailers.RELEASE_FROM, "dev@" + anyCommit());
            case 6 ->
                deploy(environment, Trailers.IMAGE, image, Trailers.ROLLS_BACK, anyCommit(), Trailers.HOLD, "none");
            case 7 ->
                deploy(
                        "prod",
                        Trailers.IMAGE,
                        image,
                        CommitRequest.BUMP_ID_TRAILER,
                        gates.isEmpty() ? "gate-0" : gates.get(random.nextInt(gates.size())));
            default -> locks(now);
        };
    }

    private String note(String environment, String key, String value) {
        String commit = anyCommit();
        List<Trailer> trailers = List.of(
                new Trailer(DeploymentNotes.DEPLOYMENT, commit),
                new Trailer(Trailers.APPLICATION, "shop"),
                new Trailer(Trailers.ENVIRONMENT, environment),
                new Trailer(key, value));
        repository.forge(DeploymentNotes.REF, Shop.JENKINS, "Seen", trailers, Map.of(commit, key + ": " + value));
        return key + " " + value + " on " + commit;
    }

    private String deploy(String environment, String... pairs) {
        List<Trailer> trailers = new ArrayList<>(
                List.of(new Trailer(Trailers.APPLICATION, "shop"), new Trailer(Trailers.ENVIRONMENT, environment)));
        for (int i = 0; i < pairs.length; i += 2) {
            trailers.add(new Trailer(pairs[i], pairs[i + 1]));
        }
        repository.forge("main", Shop.JENKINS, "Deploy", trailers, Map.of());
        return trailers.toString();
    }

    private String locks(Instant now) {
        String locks = random.nextInt(4) > 0
                ? ""
                : "{\"id\": \"x\", \"application\": \"*\", \"environment\": \"prod\", \"by\": \"dora\", \"at\": \""
                        + now + "\", \"reason\": \"forged\", \"stops\": \"promotions\"}";
        repository.forge(
                RepositoryLocks.REF,
                Shop.JENKINS,
                "Unlock",
                List.of(new Trailer("GitOps-Unlock", "shop/prod")),
                Map.of("locks.json", "{\"locks\": [" + locks + "]}"));
        return "locks [" + locks + "]";
    }

    private String anyCommit() {
        List<CommitInfo> log = repository.log("main");
        return log.get(random.nextInt(log.size())).commit();
    }
}
