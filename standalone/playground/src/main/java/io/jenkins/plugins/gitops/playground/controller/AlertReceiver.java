package io.jenkins.plugins.gitops.playground.controller;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.pages.verification.AlertsPage;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.standalone.StandIn;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.stapler.StaplerRequest2;

/** The plugin's endpoint for alerts, called as Stapler calls it: machines post to it, without a crumb. */
public final class AlertReceiver {

    /** Where they post to. */
    public static final String PATH = "/gitops-alerts/alertmanager";

    private AlertReceiver() {}

    /** @param header value of a header, by name */
    @NonNull
    public static Answer answer(@NonNull Function<String, Optional<String>> header, @NonNull InputStream body)
            throws Exception {
        StaplerRequest2 request = (StaplerRequest2) Proxy.newProxyInstance(
                AlertReceiver.class.getClassLoader(),
                new Class<?>[] {StaplerRequest2.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> header.apply((String) arguments[0]).orElse(null);
                    case "getInputStream" -> new Body(body);
                    case "getRemoteAddr" -> "127.0.0.1";
                    default ->
                        throw new UnsupportedOperationException(
                                "the playground knows no request." + method.getName() + "()");
                });
        AlertsPage page = StandIn.current().extension(AlertsPage.class);
        return CapturedResponse.of(page.doAlertmanager(request), header);
    }

    private static final class Body extends ServletInputStream {

        private final InputStream in;

        Body(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            return in.read(into, from, most);
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("read at once");
        }
    }
}
