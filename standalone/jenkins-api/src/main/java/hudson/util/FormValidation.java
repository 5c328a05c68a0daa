package hudson.util;

import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;

public abstract class FormValidation extends IOException implements HttpResponse {

    private static final long serialVersionUID = 1L;

    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static FormValidation error(String message) {
        return respond(Kind.ERROR, hudson.Util.escape(message));
    }

    public static FormValidation warning(String message) {
        return respond(Kind.WARNING, hudson.Util.escape(message));
    }

    public static FormValidation ok(String message) {
        return respond(Kind.OK, hudson.Util.escape(message));
    }

    public static FormValidation ok() {
        return respond(Kind.OK, "<div/>");
    }

    public static FormValidation respond(Kind kind, String html) {
        return new FormValidation(kind, html) {
            private static final long serialVersionUID = 1L;

            @Override
            public String renderHtml() {
                return html;
            }
        };
    }

    public static FormValidation validateNonNegativeInteger(String value) {
        return value != null && value.matches("\\d{1,9}") ? ok() : error("Not a non-negative integer");
    }

    public static FormValidation validatePositiveInteger(String value) {
        return value != null && value.matches("0*[1-9]\\d{0,8}") ? ok() : error("Not a positive integer");
    }

    public static FormValidation validateRequired(String value) {
        return hudson.Util.fixEmptyAndTrim(value) == null ? error("Required") : ok();
    }

    public abstract String renderHtml();
}
