package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import java.util.Map;

/** The config repository that these tests share: shop in dev, staging and prod, two images, one file each. */
final class Shop {

    static final Identity JENKINS = new Identity("Jenkins", "jenkins@example.org");

    static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images:
              api: ghcr.io/acme/shop-api
              worker: ghcr.io/acme/shop-worker
            environments:
              dev:
                kustomization: envs/dev/kustomization.yaml
                argocd: { application: shop-dev }
              staging:
                after: dev
                kustomization: envs/staging/kustomization.yaml
                argocd: { application: shop-staging }
              prod:
                after: staging
                kustomization: envs/prod/kustomization.yaml
                argocd: { application: shop-prod }
        """;

    static final String IMAGES = "ghcr.io/acme/shop-api:1.0.0\nghcr.io/acme/shop-worker:1.0.0\n";

    private Shop() {}

    static Map<String, String> files() {
        return Map.of("gitops.yaml", DECLARATION, file("dev"), IMAGES, file("staging"), IMAGES, file("prod"), IMAGES);
    }

    static String file(String environment) {
        return "envs/" + environment + "/kustomization.yaml";
    }
}
