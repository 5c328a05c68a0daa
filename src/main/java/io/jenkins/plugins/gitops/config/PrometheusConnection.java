package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.verification.PrometheusApi;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Prometheus, or what has the same HTTP API, that verifications ask for metrics. */
public class PrometheusConnection implements Describable<PrometheusConnection>, Serializable {

    private static final long serialVersionUID = 1L;

    /** By their certificate authorities, so that any number of verifications share one: each has a thread of its own. */
    private static final Cache<String, HttpClient> CLIENTS =
            Caffeine.newBuilder().maximumSize(20).build();

    private final String name;
    private final String url;
    private String credentialsId;
    private String tenant;
    private String caCertificate;

    /**
     * @param name what {@code gitops.yaml} calls it
     * @param url in front of {@code /api/v1/query}
     */
    @DataBoundConstructor
    public PrometheusConnection(String name, String url) {
        this.name = Util.fixNull(name).trim();
        this.url = Util.fixNull(url).trim();
    }

    public String getName() {
        return name;
    }

    public String getUrl() {
        return url;
    }

    /** A secret text, sent as bearer token, or username and password; null for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Sent as {@code X-Scope-OrgID}, which Grafana Mimir asks for; null for none. */
    @CheckForNull
    public String getTenant() {
        return tenant;
    }

    @DataBoundSetter
    public void setTenant(@CheckForNull String tenant) {
        this.tenant = Util.fixEmptyAndTrim(tenant);
    }

    /** Certificates in PEM that alone vouch for the server; null for those that the JVM trusts. */
    @CheckForNull
    public String getCaCertificate() {
        return caCertificate;
    }

    @DataBoundSetter
    public void setCaCertificate(@CheckForNull String caCertificate) {
        this.caCertificate = Util.fixEmptyAndTrim(caCertificate);
    }

    /**
     * What asks it; nothing is sent yet. Credentials are looked up for each query, so that a new token counts at once.
     *
     * @throws ConfigurationException if the address or the certificate cannot be read
     */
    PrometheusApi open() {
        return new PrometheusApi(
                name,
                address(),
                ControllerProxy.CLIENTS,
                CLIENTS.get(Util.fixNull(caCertificate), this::client),
                this::headers);
    }

    private HttpClient client(String authorities) {
        return ControllerProxy.trusting(Util.fixEmpty(authorities), "the Prometheus connection '" + name + "'")
                .build("Prometheus");
    }

    private URI address() {
        try {
            URI address = new URI(url);
            if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Refused below.
        }
        throw new ConfigurationException("'" + url + "' of the Prometheus connection '" + name
                + "' is not an address: write it like https://prometheus.acme.example.");
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        if (tenant != null) {
            headers.put("X-Scope-OrgID", tenant);
        }
        StandardCredentials found = CredentialLookup.in(null)
                .require(credentialsId, CredentialLookup.at(url), "for the Prometheus connection '" + name + "'");
        if (found != null) {
            headers.put(
                    "Authorization",
                    CredentialLookup.authorization(found)
                            .orElseThrow(() -> new CredentialsException("The credentials '" + credentialsId
                                    + "' cannot open the Prometheus connection '" + name
                                    + "': choose a secret text holding a token, or a username with a password.")));
        }
        return headers;
    }

    /** The form of one connection. */
    @Extension
    public static class DescriptorImpl extends Descriptor<PrometheusConnection> {

        @Override
        public String getDisplayName() {
            return Messages.PrometheusConnection_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            Forms.checkMayConfigure(null);
            return Forms.name(value);
        }

        @POST
        public FormValidation doCheckUrl(@QueryParameter String value) {
            Forms.checkMayConfigure(null);
            return Forms.serverUrl(value);
        }

        @POST
        public FormValidation doCheckCaCertificate(@QueryParameter String value) {
            Forms.checkMayConfigure(null);
            return Forms.certificates(value);
        }

        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return CredentialChoices.check(null, value, CredentialLookup.at(url));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId, @QueryParameter String url) {
            return CredentialChoices.of(null, credentialsId, CredentialLookup.at(url), CredentialChoices.OF_REQUESTS);
        }

        /** Asks for a value with the settings of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String url,
                @QueryParameter String credentialsId,
                @QueryParameter String tenant,
                @QueryParameter String caCertificate) {
            Forms.checkMayConfigure(null);
            PrometheusConnection tried = new PrometheusConnection(name, url);
            tried.setCredentialsId(credentialsId);
            tried.setTenant(tenant);
            tried.setCaCertificate(caCertificate);
            return ConnectionTest.USUAL.of(tried);
        }
    }
}
