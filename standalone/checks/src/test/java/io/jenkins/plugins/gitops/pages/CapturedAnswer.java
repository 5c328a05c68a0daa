package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.Nullable;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** What an endpoint answers, without a servlet container. */
public record CapturedAnswer(int status, Map<String, String> headers, String body) {

    public static CapturedAnswer of(HttpResponse response) throws Exception {
        return of(response, null);
    }

    /** @param asked headers of the request; null for an answer that needs no request */
    public static CapturedAnswer of(HttpResponse response, @Nullable Map<String, String> asked) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AtomicInteger status = new AtomicInteger(200);
        Map<String, String> headers = new HashMap<>();
        StaplerResponse2 servlet = proxy(StaplerResponse2.class, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "setStatus" -> status.set((Integer) arguments[0]);
                case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
                case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                case "getOutputStream" -> {
                    return new Output(body);
                }
                default -> {
                    // What else is said of an answer is not looked at.
                }
            }
            return null;
        });
        StaplerRequest2 request = asked == null
                ? null
                : proxy(StaplerRequest2.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> asked.get((String) arguments[0]);
                    case "getContextPath" -> "/jenkins";
                    default -> null;
                });
        response.generateResponse(request, servlet, null);
        return new CapturedAnswer(status.get(), headers, body.toString(StandardCharsets.UTF_8));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(CapturedAnswer.class.getClassLoader(), new Class<?>[] {type}, handler));
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
