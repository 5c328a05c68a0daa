package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A config repository with a history as the plugin writes it: each application's release goes into dev, then to staging
 * and to prod, each time with a note that it was healthy; every tenth release is rolled back in prod.
 *
 * @param deployments commits with trailers; beside them comes one that begins the repository
 */
record DeployedRepository(int applications, int deployments) {

    static final List<String> ENVIRONMENTS = List.of("dev", "staging", "prod");

    private static final String BRANCH = "refs/heads/main";
    private static final Instant BEGIN = Instant.parse("2026-01-05T06:00:00Z");
    private static final int ROLLED_BACK = 10;

    /** Name of an application. */
    @NonNull
    static String application(int number) {
        return String.format("shop-%02d", number);
    }

    /** As {@code gitops.yaml} declares it: a gate before prod, one Argo CD Application for each target. */
    @NonNull
    String declaration() {
        StringBuilder yaml = new StringBuilder("version: 1\napplications:\n");
        for (int i = 0; i < applications; i++) {
            yaml.append("""
                  %1$s:
                    images:
                      api: ghcr.io/acme/%1$s-api
                      worker: ghcr.io/acme/%1$s-worker
                    environments:
                      dev:
                        kustomization: apps/%1$s/dev/kustomization.yaml
                        argocd: { application: %1$s-dev }
                      staging:
                        after: dev
                        kustomization: apps/%1$s/staging/kustomization.yaml
                        argocd: { application: %1$s-staging }
                      prod:
                        after: staging
                        kustomization: apps/%1$s/prod/kustomization.yaml
                        argocd: { application: %1$s-prod }
                        gate:
                          approvals: { required: 1, from: [release-managers] }
                """.formatted(application(i)).indent(2));
        }
        return yaml.toString();
    }

    /** Fills an empty bare repository. */
    void generate(@NonNull Path bare) throws IOException {
        try (FastImport git = new FastImport(bare)) {
            Map<String, String> files = new TreeMap<>(Map.of("gitops.yaml", declaration()));
            for (int i = 0; i < applications; i++) {
                for (String environment : ENVIRONMENTS) {
                    files.put(path(i, environment), kustomization(i, 0));
                }
            }
            git.commit(BRANCH, BEGIN.getEpochSecond(), "Begin\n", files);
            History history = new History(git, deployments);
            for (int release = 1; history.goesOn(); release++) {
                for (String environment : ENVIRONMENTS) {
                    for (int i = 0; i < applications && history.goesOn(); i++) {
                        history.release(i, release, environment);
                    }
                }
            }
        }
    }

    private static String path(int application, String environment) {
        return "apps/" + application(application) + "/" + environment + "/kustomization.yaml";
    }

    private static String kustomization(int application, int release) {
        return """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - ../base
            images:
            - name: ghcr.io/acme/%1$s-api
              newTag: 1.%2$d.0
            - name: ghcr.io/acme/%1$s-worker
              newTag: 1.%2$d.0
            """.formatted(application(application), release);
    }

    /** Releases on their way. */
    private static final class History {

        private final FastImport git;
        private final int most;
        private int made;
        private String tip = "";

        History(FastImport git, int most) {
            this.git = git;
            this.most = most;
        }

        boolean goesOn() {
            return made < most;
        }

        void release(int application, int release, String environment) throws IOException {
            List<String> trailers = new ArrayList<>();
            int before = ENVIRONMENTS.indexOf(environment) - 1;
            if (before >= 0) {
                // What Argo CD is at is the tip, and seldom the commit that deployed the release.
                trailers.add("GitOps-Release-From: " + ENVIRONMENTS.get(before) + "@" + tip);
            }
            if (environment.equals("prod")) {
                trailers.add("GitOps-Approved-By: rita (release-managers)");
            }
            deploy(application, release, environment, trailers);
            if (environment.equals("prod") && release % ROLLED_BACK == 0 && goesOn()) {
                deploy(
                        application,
                        release - 1,
                        environment,
                        List.of("GitOps-Rolls-Back: " + tip, "GitOps-Reason: errors at the checkout"));
            }
        }

        private void deploy(int application, int release, String environment, List<String> more) throws IOException {
            long when = BEGIN.getEpochSecond() + ++made * 60L;
            String name = application(application);
            String message = """
                %1$s/%2$s: api, worker to 1.%3$d.0

                GitOps-Application: %1$s
                GitOps-Environment: %2$s
                GitOps-Image: api=ghcr.io/acme/%1$s-api:1.%3$d.0@sha256:%4$s
                GitOps-Image: worker=ghcr.io/acme/%1$s-worker:1.%3$d.0@sha256:%4$s
                GitOps-Source-Commit: %5$s
                GitOps-Change-Author: Ada Example <ada@example.org>
                GitOps-Run: https://ci.example.org/job/%1$s/%6$d/
                GitOps-Started-By: ada
                %7$sGitOps-Bump-Id: bump-%6$d
                """.formatted(
                            name,
                            environment,
                            release,
                            String.format("%064x", release),
                            String.format("%040x", release),
                            made,
                            more.isEmpty() ? "" : String.join("\n", more) + "\n");
            tip = git.commit(
                    BRANCH, when, message, Map.of(path(application, environment), kustomization(application, release)));
            String remark = """
                GitOps-Deployment: %s
                GitOps-Application: %s
                GitOps-Environment: %s
                GitOps-Outcome: healthy
                GitOps-Live-At: %s
                """.formatted(tip, name, environment, Instant.ofEpochSecond(when + 30));
            git.commit(
                    DeploymentNotes.REF,
                    when + 31,
                    name + "/" + environment + " healthy: " + tip.substring(0, 7) + "\n\n" + remark,
                    Map.of(tip, remark));
        }
    }
}
