package io.jenkins.plugins.gitops.engine.argocd.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import java.util.Optional;

/** Reads a kubeconfig that came as a credential: it may hold data, not point at commands or files of the controller. */
final class KubeconfigText {

    private KubeconfigText() {}

    static Config read(String content) {
        io.fabric8.kubernetes.api.model.Config parsed = parse(content);
        for (NamedAuthInfo user : parsed.getUsers()) {
            forbiddenIn(user.getUser()).ifPresent(field -> refuse("user '" + user.getName() + "'", field));
        }
        for (NamedCluster cluster : parsed.getClusters()) {
            forbiddenIn(cluster.getCluster()).ifPresent(field -> refuse("cluster '" + cluster.getName() + "'", field));
        }
        return Config.fromKubeconfig(content);
    }

    private static io.fabric8.kubernetes.api.model.Config parse(String content) {
        try {
            io.fabric8.kubernetes.api.model.Config parsed =
                    Serialization.unmarshal(content, io.fabric8.kubernetes.api.model.Config.class);
            if (parsed != null && parsed.getCurrentContext() != null) {
                return parsed;
            }
        } catch (KubernetesClientException | IllegalArgumentException unreadable) {
            // Its message quotes the text, which holds secrets: say what is wrong without it.
        }
        throw new ArgoCdException(
                Reason.REJECTED,
                "The kubeconfig of the Argo CD connection cannot be read or has no current-context: check the"
                        + " credential.",
                null);
    }

    private static Optional<String> forbiddenIn(AuthInfo user) {
        if (user == null) {
            return Optional.empty();
        } else if (user.getExec() != null) {
            return Optional.of("exec");
        } else if (user.getAuthProvider() != null) {
            return Optional.of("auth-provider");
        } else if (user.getTokenFile() != null) {
            return Optional.of("tokenFile");
        } else if (user.getClientCertificate() != null) {
            return Optional.of("client-certificate");
        }
        return Optional.ofNullable(user.getClientKey()).map(key -> "client-key");
    }

    private static Optional<String> forbiddenIn(Cluster cluster) {
        return Optional.ofNullable(cluster)
                .map(Cluster::getCertificateAuthority)
                .map(file -> "certificate-authority");
    }

    private static void refuse(String place, String field) {
        throw new ArgoCdException(
                Reason.REFUSED,
                "The kubeconfig of the Argo CD connection has '" + field + "' at " + place
                        + ", which would run a command or read a file on the controller: put the token or the"
                        + " certificate's data into it, or use AWS credentials for EKS.",
                null);
    }
}
