package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kubeconfig that came as a credential must not reach into the controller. */
public class KubeconfigTest {

    public static final String KUBECONFIG = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: prod
          cluster:
            server: https://kubernetes.example.com:6443
        users:
        - name: jenkins
          user:
            %s
        contexts:
        - name: prod
          context: {cluster: prod, user: jenkins}
        current-context: prod
        """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, id]}",
                "auth-provider: {name: gcp, config: {cmd-path: /bin/sh}}",
                "tokenFile: /etc/passwd",
                "client-certificate: /etc/ssl/client.pem",
                "client-key: /etc/ssl/client.key"
            })
    void whatRunsACommandOrReadsAFileIsRefused(String user) {
        KubernetesAccess access = new KubernetesAccess.Kubeconfig(KUBECONFIG.formatted(user));

        assertThatThrownBy(() -> access.client(HttpClients.DEFAULT))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageStartingWith("The kubeconfig of the Argo CD connection has '"
                        + user.substring(0, user.indexOf(':')) + "' at user 'jenkins', which would run a command");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token: s3cret", "[", "apiVersion: v1\nkind: Config"})
    void whatIsNoKubeconfigIsSaidWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> new KubernetesAccess.Kubeconfig(text).client(HttpClients.DEFAULT))
                .isInstanceOf(ArgoCdException.class)
                .hasMessageContaining("cannot be read or has no current-context")
                .hasMessageNotContaining("s3cret");
    }
}
