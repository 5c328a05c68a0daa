package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ConfigurationAsCodeJenkinsTest {

    /** Sorted, and without what is the default, as an export is. */
    private static final String CONFIGURATION = """
        alertsCredentialsId: "alertmanager"
        argoCdConnections:
        - credentialsId: "argocd-token"
          kind: SERVER
          name: "control-plane"
          uiUrl: "https://argocd.example.com"
          url: "https://argocd.example.com"
        - credentialsId: "aws-deployer"
          eksCluster: "shop-prod"
          eksRegion: "eu-west-1"
          eksRole: "arn:aws:iam::123456789012:role/watcher"
          kind: KUBERNETES
          name: "prod"
          namespace: "gitops"
          url: "https://0123456789.gr7.eu-west-1.eks.amazonaws.com"
        defaults:
          authorName: "Jenkins"
          signingKeyId: "everybodys-key"
          syncTimeoutMinutes: 20
          trustedSigners: "ssh-ed25519 AAAAC3NzaC1lZDI1 jenkins-2025"
          unpullableGrace: "5m"
        imagePolicy:
          allowedImages: "ghcr.io/acme/*"
          immutableTagsOnly: true
          maximumAgeDays: 30
        onlyConfiguredRepositories: true
        prometheusConnections:
        - credentialsId: "grafana"
          name: "observability"
          tenant: "shop"
          url: "https://mimir.example.com/prometheus"
        registries:
        - certificateAuthority: "-----BEGIN CERTIFICATE-----"
          credentialsId: "registry"
          host: "registry.example.com"
          tokenHosts: "auth.example.com:8443"
        - credentialsId: "ghcr"
          host: "ghcr.io"
        repositories:
        - apiCredentialsId: "config-api"
          authorEmail: "bot@example.com"
          authorName: "Release bot"
          certificateAuthority: "-----BEGIN CERTIFICATE-----"
          commitSubject: "[skip ci] {subject}"
          commitTrailers: "Signed-off-by: Release bot <bot@example.com>"
          credentialsId: "config-bot"
          name: "config"
          signingKeyId: "signer"
          ticketPattern: "OPS-\\\\d+"
          trustedSigners: "ssh-ed25519 AAAAC3NzaC1lZDI1 elsewhere"
          url: "https://git.example.com/acme/config.git"
        reviewers:
        - "github.example.com/octo-alice: alice"
        webhookCredentialsId: "webhook-secret"
        webhookUrl: "https://hooks.example.com/gitops"
        """;

    @TempDir
    private Path folder;

    @Test
    void whatIsAppliedIsExportedAsItWas(JenkinsRule jenkins) throws Exception {
        apply(CONFIGURATION);

        assertThat(export()).doesNotContain("hooks.example.com");
        assertThat(decrypted(export())).isEqualTo(CONFIGURATION);
    }

    @Test
    void whatIsExportedRestoresTheConfiguration(JenkinsRule jenkins) throws Exception {
        apply(CONFIGURATION);
        String exported = export();
        GitOpsConfiguration.get().setRepositories(List.of());
        GitOpsConfiguration.get().setArgoCdConnections(List.of());
        GitOpsConfiguration.get().setRegistries(List.of());
        GitOpsConfiguration.get().setPrometheusConnections(List.of());
        GitOpsConfiguration.get().setImagePolicy(null);
        GitOpsConfiguration.get().setDefaults(null);
        GitOpsConfiguration.get().setReviewers(List.of());
        GitOpsConfiguration.get().setOnlyConfiguredRepositories(false);
        GitOpsConfiguration.get().setWebhookUrl(null);
        GitOpsConfiguration.get().setWebhookCredentialsId(null);
        GitOpsConfiguration.get().setAlertsCredentialsId(null);

        apply(exported);

        assertThat(decrypted(export())).isEqualTo(CONFIGURATION);
    }

    @Test
    void theDevelopmentInstanceIsConfigured(JenkinsRule jenkins) throws Exception {
        ConfigurationAsCode.get().configure("work/jenkins.yaml");

        assertThat(GitOpsConfiguration.get().getRepositories())
                .extracting(ConfiguredRepository::getName)
                .containsExactly("config");
        assertThat(GitOpsConfiguration.get().getArgoCdConnections())
                .extracting(ArgoCdConnection::getName)
                .containsExactly("cluster");
    }

    @Test
    void theDocumentedExampleIsApplied(JenkinsRule jenkins) throws Exception {
        Path file = folder.resolve("documented.yaml");
        Files.writeString(file, example(Files.readString(Path.of("docs/jenkins.md"))));

        ConfigurationAsCode.get().configure(file.toString());

        assertThat(GitOpsConfiguration.get().getRepositories())
                .extracting(ConfiguredRepository::getCredentialsId)
                .containsExactly("github-robot");
        assertThat(GitOpsConfiguration.get().getDefaults().getSigningKeyId()).isEqualTo("jenkins-signing-key");
        assertThat(GitOpsConfiguration.get().getDefaults().getTrustedSigners())
                .startsWith("ssh-ed25519 ")
                .endsWith(" jenkins-2025");
        assertThat(GitOpsConfiguration.get().isOnlyConfiguredRepositories()).isTrue();
        assertThat(GitOpsConfiguration.get().getArgoCdConnections())
                .extracting(ArgoCdConnection::getName)
                .containsExactly("eu-west-1", "on-premises");
        assertThat(GitOpsConfiguration.get().getWebhookCredentialsId()).isEqualTo("webhook-secret");
        assertThat(GitOpsConfiguration.get().getAlertsCredentialsId()).isEqualTo("alertmanager");
    }

    /** The first block of YAML in a document. */
    private static String example(String document) {
        int begin = document.indexOf("```yaml\n") + "```yaml\n".length();
        return document.substring(begin, document.indexOf("```", begin));
    }

    private void apply(String configuration) throws Exception {
        Path file = folder.resolve("jenkins.yaml");
        Files.writeString(
                file,
                "unclassified:\n  gitops:\n"
                        + configuration
                                .lines()
                                .map(line -> "    " + line + "\n")
                                .reduce("", String::concat));
        ConfigurationAsCode.get().configure(file.toString());
    }

    private static String decrypted(String exported) {
        return Pattern.compile("webhookUrl: \"(\\{.*})\"")
                .matcher(exported)
                .replaceAll(found ->
                        "webhookUrl: \"" + Secret.fromString(found.group(1)).getPlainText() + "\"");
    }

    private static String export() throws Exception {
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        return Util.toYamlString(Util.getUnclassifiedRoot(context).get("gitops"));
    }
}
