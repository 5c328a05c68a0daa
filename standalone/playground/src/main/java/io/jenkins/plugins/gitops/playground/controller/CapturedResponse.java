package io.jenkins.plugins.gitops.playground.controller;

import io.jenkins.plugins.gitops.playground.page.Answer;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** A servlet response that is kept, so that the playground's own server can send it. */
final class CapturedResponse {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, String> headers = new TreeMap<>();
    private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8), true);
    private int status = 200;

    /** @param headers of the request */
    static Answer of(HttpResponse response, Function<String, Optional<String>> headers) throws Exception {
        CapturedResponse captured = new CapturedResponse();
        StaplerResponse2 servlet = (StaplerResponse2) Proxy.newProxyInstance(
                CapturedResponse.class.getClassLoader(),
                new Class<?>[] {StaplerResponse2.class},
                (proxy, method, arguments) -> captured.call(method.getName(), arguments));
        StaplerRequest2 asked = (StaplerRequest2) Proxy.newProxyInstance(
                CapturedResponse.class.getClassLoader(),
                new Class<?>[] {StaplerRequest2.class},
                (proxy, method, arguments) -> method.getName().equals("getHeader")
                        ? headers.apply((String) arguments[0]).orElse(null)
                        : null);
        response.generateResponse(asked, servlet, null);
        captured.writer.flush();
        return new Answer(captured.status, captured.headers, captured.body.toByteArray());
    }

    private Object call(String method, Object[] arguments) {
        switch (method) {
            case "setStatus" -> status = (Integer) arguments[0];
            case "sendError" -> {
                status = (Integer) arguments[0];
                writer.print(arguments.length > 1 ? arguments[1] : "");
            }
            case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
            case "setHeader", "addHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
            case "getWriter" -> {
                return writer;
            }
            case "getOutputStream" -> {
                return new Output();
            }
            default -> throw new UnsupportedOperationException("the playground knows no response." + method + "()");
        }
        return null;
    }

    private final class Output extends ServletOutputStream {

        @Override
        public void write(int value) {
            body.write(value);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            body.write(bytes, from, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("written at once");
        }
    }
}
