package io.jenkins.plugins.gitops.pages.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.playground.controller.AlertReceiver;
import io.jenkins.plugins.gitops.playground.controller.SecretText;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.standalone.StandIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** Who may post alerts, and what Jenkins asks of no machine. */
class AlertsPageTest {

    private static final String NOTHING = "{\"alerts\":[]}";

    @TempDir
    private Path home;

    @BeforeEach
    void start() {
        new StandIn().install().withRootDir(home.toFile()).withExtension(new ReleaseVerifications());
    }

    private static void expect(IdCredentials credentials) {
        StandIn.current().withCredential(credentials);
        GitOpsConfiguration.get().setAlertsCredentialsId(credentials.getId());
    }

    private static StandardUsernamePasswordCredentials alertmanager(String password) {
        return (StandardUsernamePasswordCredentials) Proxy.newProxyInstance(
                AlertsPageTest.class.getClassLoader(),
                new Class<?>[] {StandardUsernamePasswordCredentials.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getId", "getUsername" -> "alertmanager";
                    case "getPassword" -> Secret.fromString(password);
                    case "getScope" -> CredentialsScope.GLOBAL;
                    case "isUsernameSecret" -> false;
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> "";
                });
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static int post(String authorization, String body) throws Exception {
        Answer answer = AlertReceiver.answer(
                name -> name.equals("Authorization") ? Optional.ofNullable(authorization) : Optional.empty(),
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        return answer.status();
    }

    @Test
    void aUsernameWithItsPasswordIsBasicAuthentication() throws Exception {
        expect(alertmanager("päss:word"));

        assertThat(post(basic("alertmanager:päss:word"), NOTHING)).isEqualTo(200);
        assertThat(post(basic("alertmanager:päss:word").replace("Basic", "basic"), NOTHING))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alertmanager:word",
                "alertmanager:",
                "alertmanager",
                "other:päss:word",
                "päss:word:alertmanager",
                ""
            })
    void anotherUsernameOrPasswordIsRefused(String pair) throws Exception {
        expect(alertmanager("päss:word"));

        assertThat(post(basic(pair), NOTHING)).isEqualTo(401);
    }

    @Test
    void noOtherSchemeAndNoneAtAllIsAccepted() throws Exception {
        expect(alertmanager("päss:word"));

        assertThat(post(null, NOTHING)).isEqualTo(401);
        assertThat(post("Bearer päss:word", NOTHING)).isEqualTo(401);
        assertThat(post(basic("alertmanager:päss:word").replace("Basic", "Digest"), NOTHING))
                .isEqualTo(401);
    }

    @Test
    void aBearerTokenIsComparedWhole() throws Exception {
        expect(new SecretText("token", "", "let me in"));

        assertThat(post("Bearer let me in", NOTHING)).isEqualTo(200);
        assertThat(post("Bearer let me i", NOTHING)).isEqualTo(401);
        assertThat(post("Bearer let me in!", NOTHING)).isEqualTo(401);
        assertThat(post(basic(":let me in"), NOTHING)).isEqualTo(401);
    }

    @Test
    void withoutConfiguredCredentialsNothingIsAcceptedWhateverIsSent() throws Exception {
        for (String authorization : new String[] {null, "", "Bearer ", "Bearer null", "Basic Og=="}) {
            assertThat(post(authorization, NOTHING)).as(authorization).isEqualTo(403);
        }
    }

    /** Nobody without the credentials has Jenkins read a body. */
    @Test
    void theBodyIsReadAfterTheCredentialsAndHasALimit() throws Exception {
        expect(new SecretText("token", "", "let me in"));
        String tooLarge = " ".repeat(1024 * 1024 + 1);

        assertThat(post("Bearer let me in", tooLarge)).isEqualTo(413);
        assertThat(post("Bearer wrong", tooLarge)).isEqualTo(401);
    }

    @Test
    void onlyThisPathNeedsNoCrumb() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        FilterChain chain = (request, response) -> passed.incrementAndGet();
        AlertsPage.WithoutCrumb exclusion = new AlertsPage.WithoutCrumb();

        assertThat(exclusion.process(request("/gitops-alerts/alertmanager"), null, chain))
                .isTrue();
        assertThat(passed).hasValue(1);
        for (String other : new String[] {
            null,
            "/",
            "/gitops-alerts",
            "/gitops-alerts/",
            "/gitops-alerts/alertmanager/x",
            "/job/gitops-alerts/alertmanager"
        }) {
            assertThat(exclusion.process(request(other), null, chain)).as(other).isFalse();
        }
        assertThat(passed).hasValue(1);
    }

    @Test
    void aUsernameThatIsNoUsersReachesThisPathAsNobodyAndNoOther() {
        AlertsPage.AsNobody nobody = new AlertsPage.AsNobody();

        assertThat(nobody.authenticate2(request("/gitops-alerts/alertmanager"), null, "alertmanager", "x"))
                .isEqualTo(Jenkins.ANONYMOUS2);
        assertThat(nobody.authenticate2(request("/script"), null, "alertmanager", "x"))
                .isNull();
    }

    @Test
    void itIsPostedTo() throws Exception {
        assertThat(AlertsPage.class
                        .getMethod("doAlertmanager", StaplerRequest2.class)
                        .isAnnotationPresent(RequirePOST.class))
                .isTrue();
    }

    private static HttpServletRequest request(String path) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                AlertsPageTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> method.getName().equals("getPathInfo") ? path : null);
    }
}
