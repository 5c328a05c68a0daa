package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdHttp;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.aws.EksTokens;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import software.amazon.awssdk.regions.Region;

/** Turns a configured connection and its credentials into one that works. */
final class ArgoCdConnector {

    /** Between the full name of a folder and the name of a connection there: folders may have connections of one name. */
    static final String SEPARATOR = " » ";

    private static final Pattern REGION = Pattern.compile("[a-z]{2,8}(?:-[a-z]{2,12})+-\\d{1,2}");
    private static final Set<String> WEB = Set.of("http", "https");

    private final ArgoCdConnection connection;
    private final Item place;

    /** @param place the item that configures it; null for Jenkins itself */
    ArgoCdConnector(ArgoCdConnection connection, @CheckForNull Item place) {
        this.connection = connection;
        this.place = place;
    }

    String name() {
        return connection.getName();
    }

    /** Names the connection for the whole controller. */
    String key() {
        return (place == null ? "" : place.getFullName() + SEPARATOR) + connection.getName();
    }

    /**
     * A new connection; the caller closes it. Nothing is sent yet.
     *
     * @throws CredentialsException if the credentials are missing or do not fit
     * @throws ConfigurationException if the address is missing
     */
    ArgoCd open() {
        if (connection.getKind() == ArgoCdConnection.Kind.SERVER) {
            return new ArgoCdServer(http(), connection.getNamespace());
        }
        return new KubernetesArgoCd(access().client(ControllerProxy.CLIENTS), connection.getNamespace(), page());
    }

    /** The Jobs of its cluster; likewise. */
    KubernetesJobs openJobs() {
        if (connection.getKind() == ArgoCdConnection.Kind.SERVER) {
            throw new ConfigurationException("The Argo CD connection '" + connection.getName()
                    + "' uses Argo CD's API server, which runs no Jobs: choose one that uses the Kubernetes API with"
                    + " 'connection' in the check.");
        }
        return new KubernetesJobs(access().client(ControllerProxy.CLIENTS, KubernetesJobs.ANSWER));
    }

    private ArgoCdHttp http() {
        String url = connection.getUrl();
        if (url == null) {
            throw new ConfigurationException("The Argo CD connection '" + connection.getName()
                    + "' has no address: fill in the address of Argo CD's server.");
        }
        StandardCredentials found = credentials();
        if (!(found instanceof StringCredentials token)) {
            throw new CredentialsException("The Argo CD connection '" + connection.getName()
                    + "' needs a secret text that holds a token of an Argo CD account: choose one as its credentials.");
        }
        return new ArgoCdHttp(
                address(url),
                ControllerProxy.trusting(connection.getCaCertificate(), "the Argo CD connection"),
                () -> token.getSecret().getPlainText());
    }

    private KubernetesAccess access() {
        String cluster = connection.getEksCluster();
        if (cluster != null) {
            return eks(cluster);
        }
        StandardCredentials found = credentials();
        if (found == null && connection.getUrl() != null) {
            // Whoever gives an address and no credentials means an API that asks for none, such as kubectl's proxy.
            return token(() -> "");
        }
        if (found == null) {
            requireAdministrators("service account");
            return new KubernetesAccess.InCluster(System.getenv(), KubernetesAccess.InCluster.ACCOUNT);
        }
        if (found instanceof FileCredentials file) {
            return new KubernetesAccess.Kubeconfig(CredentialLookup.text(file));
        }
        if (found instanceof StringCredentials token) {
            return token(() -> token.getSecret().getPlainText());
        }
        throw new CredentialsException("The credentials '" + connection.getCredentialsId()
                + "' cannot open the Argo CD connection '" + connection.getName()
                + "': choose a secret text holding a token, a secret file holding a kubeconfig, or AWS credentials with"
                + " the name of the EKS cluster.");
    }

    private KubernetesAccess eks(String cluster) {
        if (connection.getEksRegion() == null) {
            throw new ConfigurationException("The Argo CD connection '" + connection.getName()
                    + "' names the EKS cluster " + cluster + " but no region: fill in its EKS region.");
        }
        if (!REGION.matcher(connection.getEksRegion()).matches()) {
            // The SDK makes a host name of it, which gets a signed request.
            throw new ConfigurationException(
                    "The Argo CD connection '" + connection.getName() + "' has the EKS region '"
                            + connection.getEksRegion() + "', which is not a region: write it like eu-west-1.");
        }
        EksTokens tokens = new EksTokens(
                new AwsSession(
                        identity(),
                        Region.of(connection.getEksRegion()),
                        new ControllerProxy.AwsClients(ControllerProxy.current()).get(),
                        Optional.empty()),
                cluster,
                GitOpsServices.get().clock());
        return token(tokens);
    }

    private AwsIdentity identity() {
        String role = connection.getEksRole();
        return role == null ? account() : new AwsIdentity.AssumedRole(account(), role, null);
    }

    private AwsIdentity account() {
        String id = connection.getCredentialsId();
        if (id == null) {
            requireAdministrators("AWS identity");
            return new AwsIdentity.DefaultChain();
        }
        if (credentials() instanceof AmazonWebServicesCredentials aws) {
            return new AwsIdentity.Supplied(id, aws);
        }
        throw new CredentialsException("The credentials '" + id
                + "' are not AWS credentials, which the EKS cluster of the Argo CD connection '" + connection.getName()
                + "' needs: choose AWS credentials, or none to use those of the controller's environment.");
    }

    /** Whoever may configure a folder does not thereby act as the controller. */
    private void requireAdministrators(String identity) {
        if (place != null) {
            throw new CredentialsException("The Argo CD connection '" + connection.getName()
                    + "' of a folder cannot use the controller's own " + identity
                    + ": choose credentials for it, or ask an administrator to configure it for all of Jenkins.");
        }
    }

    private KubernetesAccess token(Supplier<String> token) {
        String url = connection.getUrl();
        if (url == null) {
            throw new ConfigurationException("The Argo CD connection '" + connection.getName()
                    + "' has a token but no address: fill in the address of the Kubernetes API.");
        }
        return new KubernetesAccess.Token(
                address(url).toString(), Optional.ofNullable(connection.getCaCertificate()), token);
    }

    @CheckForNull
    private StandardCredentials credentials() {
        return CredentialLookup.in(place)
                .require(
                        connection.getCredentialsId(),
                        CredentialLookup.at(connection.getUrl()),
                        "for the Argo CD connection '" + connection.getName() + "'");
    }

    /** Records that a run uses the connection's credentials, which every run that names it shares. */
    void recordUseBy(Run<?, ?> run) {
        String id = connection.getCredentialsId();
        if (id != null) {
            CredentialLookup.in(place).usedBy(run).find(id, CredentialLookup.at(connection.getUrl()));
        }
    }

    private Optional<URI> page() {
        return Optional.ofNullable(Util.fixEmptyAndTrim(connection.getUiUrl())).map(this::address);
    }

    /** Forms warn of what is no address, and yet it can be saved. */
    private URI address(String given) {
        try {
            URI address = new URI(given);
            String scheme = Util.fixNull(address.getScheme()).toLowerCase(Locale.ROOT);
            if (address.getHost() != null && WEB.contains(scheme)) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Refused below.
        }
        throw new ConfigurationException("'" + given + "' of the Argo CD connection '" + connection.getName()
                + "' is not an address: write it like https://argocd.acme.example.");
    }
}
