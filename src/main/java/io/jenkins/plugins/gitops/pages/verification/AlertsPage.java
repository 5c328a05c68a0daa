package io.jenkins.plugins.gitops.pages.verification;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.CredentialsException;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.verification.AlertNotification;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderAuthenticator;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.springframework.security.core.Authentication;

/**
 * Takes in the alerts that Alertmanager and Grafana post to {@code gitops-alerts/alertmanager}. No user of Jenkins stands
 * behind them: they carry what {@link GitOpsConfiguration#alertsAuthorization} names.
 */
@Extension
public class AlertsPage implements UnprotectedRootAction {

    private static final Logger LOGGER = Logger.getLogger(AlertsPage.class.getName());

    private static final String NAME = "gitops-alerts";
    private static final String PATH = "/" + NAME + "/alertmanager";
    private static final int MOST_BYTES = 1024 * 1024;
    private static final Duration LOGGED_EVERY = Duration.ofMinutes(1);

    /** When a refusal was logged last. */
    private Instant logged = Instant.EPOCH;

    private int unlogged;

    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return NAME;
    }

    /** What they say is kept before it answers: a sender repeats what was not answered with success. */
    @RequirePOST
    public HttpResponse doAlertmanager(StaplerRequest2 request) throws IOException {
        Optional<Secret> expected;
        try {
            expected = GitOpsConfiguration.get().alertsAuthorization();
        } catch (CredentialsException gone) {
            LOGGER.log(Level.WARNING, "Alerts are not accepted: {0}", gone.getMessage());
            return JsonAnswer.problem(503, Messages.AlertsPage_credentialsGone());
        }
        if (expected.isEmpty()) {
            return JsonAnswer.problem(403, Messages.AlertsPage_off());
        }
        if (!isAuthorized(request.getHeader("Authorization"), expected.get())) {
            refused(request.getRemoteAddr());
            return JsonAnswer.problem(401, Messages.AlertsPage_unauthorized());
        }
        byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            return JsonAnswer.problem(413, Messages.AlertsPage_tooLarge());
        }
        AlertNotification notification;
        try {
            notification = AlertNotification.read(body);
        } catch (IOException unreadable) {
            return JsonAnswer.problem(400, String.valueOf(unreadable.getMessage()));
        }
        if (notification.leftOut() > 0) {
            LOGGER.log(
                    Level.WARNING,
                    "{0} alerts of a notification were not considered: a notification may have {1}, each with labels"
                            + " and startsAt",
                    new Object[] {notification.leftOut(), AlertNotification.MOST_ALERTS});
        }
        ReleaseVerifications.get().hear(notification.alerts());
        return new JsonAnswer(
                200,
                GateJson.text(new TreeMap<>(
                        Map.of("considered", notification.alerts().size(), "leftOut", notification.leftOut()))));
    }

    /** The name of a scheme has no case; what follows is compared in constant time. */
    private static boolean isAuthorized(@CheckForNull String given, Secret expected) {
        String[] parts = given == null ? new String[0] : given.strip().split("\\s+", 2);
        if (parts.length < 2) {
            return false;
        }
        String scheme =
                parts[0].equalsIgnoreCase("basic") ? "Basic" : parts[0].equalsIgnoreCase("bearer") ? "Bearer" : "";
        return MessageDigest.isEqual(
                (scheme + " " + parts[1]).getBytes(StandardCharsets.UTF_8),
                expected.getPlainText().getBytes(StandardCharsets.UTF_8));
    }

    /** Whoever guesses does not fill the log. */
    private synchronized void refused(String from) {
        Instant now = GitOpsServices.get().clock().instant();
        if (now.isBefore(logged.plus(LOGGED_EVERY))) {
            unlogged++;
            return;
        }
        LOGGER.log(
                Level.WARNING,
                "Alerts from {0} were refused: they carry no or other credentials than configured ({1} more since the"
                        + " last of these lines)",
                new Object[] {from, unlogged});
        logged = now;
        unlogged = 0;
    }

    private static boolean isMeantBy(HttpServletRequest request) {
        return PATH.equals(request.getPathInfo());
    }

    /** Machines have no crumb, and no browser has their credentials. */
    @Extension
    public static class WithoutCrumb extends CrumbExclusion {

        @Override
        public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (!isMeantBy(request)) {
                return false;
            }
            chain.doFilter(request, response);
            return true;
        }
    }

    /** Lets a username and a password reach the endpoint that belong to no user of Jenkins: as nobody. */
    @Extension(ordinal = 1_000)
    public static class AsNobody extends BasicHeaderAuthenticator {

        @Override
        @CheckForNull
        public Authentication authenticate2(
                HttpServletRequest request, HttpServletResponse response, String username, String password) {
            return isMeantBy(request) ? Jenkins.ANONYMOUS2 : null;
        }
    }
}
