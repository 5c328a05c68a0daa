package io.jenkins.plugins.gitops.pages.deployments;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerResponse2;

/** What an endpoint answers, without a servlet container. */
record CapturedAnswer(int status, String body) {

    static CapturedAnswer of(HttpResponse response) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AtomicInteger status = new AtomicInteger(200);
        StaplerResponse2 servlet = (StaplerResponse2) Proxy.newProxyInstance(
                CapturedAnswer.class.getClassLoader(),
                new Class<?>[] {StaplerResponse2.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("setStatus")) {
                        status.set((Integer) arguments[0]);
                    }
                    return method.getName().equals("getOutputStream") ? new Output(body) : null;
                });
        response.generateResponse(null, servlet, null);
        return new CapturedAnswer(status.get(), body.toString(StandardCharsets.UTF_8));
    }

    private static final class Output extends ServletOutputStream {

        private final ByteArrayOutputStream body;

        Output(ByteArrayOutputStream body) {
            this.body = body;
        }

        @Override
        public void write(int value) {
            body.write(value);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("answers are written at once");
        }
    }
}
