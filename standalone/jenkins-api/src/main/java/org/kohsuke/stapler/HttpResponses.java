package org.kohsuke.stapler;

import jakarta.servlet.ServletException;
import java.io.IOException;

public class HttpResponses {

    public HttpResponses() {}

    public abstract static class HttpResponseException extends RuntimeException implements HttpResponse {

        private static final long serialVersionUID = 1L;

        public HttpResponseException() {}

        public HttpResponseException(String message) {
            super(message);
        }
    }

    public static HttpResponseException ok() {
        return status(200);
    }

    public static HttpResponseException notFound() {
        return status(404);
    }

    public static HttpResponseException forbidden() {
        return status(403);
    }

    public static HttpResponseException status(int code) {
        return new HttpResponseException() {
            private static final long serialVersionUID = 1L;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
                    throws IOException, ServletException {
                rsp.setStatus(code);
            }
        };
    }

    public static HttpResponseException errorWithoutStack(int code, String errorMessage) {
        return new HttpResponseException(errorMessage) {
            private static final long serialVersionUID = 1L;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
                    throws IOException, ServletException {
                rsp.sendError(code, errorMessage);
            }
        };
    }

    public static HttpResponseException redirectViaContextPath(String relative) {
        return new HttpResponseException() {
            private static final long serialVersionUID = 1L;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
                    throws IOException, ServletException {
                rsp.setStatus(302);
                rsp.setHeader("Location", req.getContextPath() + relative);
            }
        };
    }

    public static HttpResponse redirectToDot() {
        return (HttpResponse) status(302);
    }
}
