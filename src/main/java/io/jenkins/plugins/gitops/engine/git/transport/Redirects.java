package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Follows a moved repository on the same host, never to another: the credentials would go along. */
final class Redirects {

    private Redirects() {}

    static boolean is(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    @NonNull
    static URI serviceUrl(@NonNull URI base, @NonNull Service service) {
        return URI.create(withoutSlash(base) + infoRefs(service));
    }

    @NonNull
    static String withoutSlash(@NonNull URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** The new address of the repository. */
    @NonNull
    static URI follow(@NonNull URI from, @NonNull Optional<String> location, @NonNull Service service)
            throws WireException {
        URI to;
        try {
            to = from.resolve(location.orElse(""));
        } catch (IllegalArgumentException e) {
            throw refused("to an address that is none");
        }
        if (!String.valueOf(to.getHost()).equalsIgnoreCase(from.getHost())) {
            throw refused("to another host (" + ServerMessages.oneLine(String.valueOf(to.getHost()))
                    + "), which would be given the credentials; use that address if it is right");
        }
        String fromScheme = from.getScheme().toLowerCase(Locale.ROOT);
        String toScheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        boolean upgrade = fromScheme.equals("http") && toScheme.equals("https");
        boolean samePlace = fromScheme.equals(toScheme) && from.getPort() == to.getPort();
        if (!upgrade && !samePlace) {
            throw refused("to another port or to plain http on the same host");
        }
        String text = to.toString();
        if (to.getRawUserInfo() != null || !text.endsWith(infoRefs(service))) {
            throw refused("to an address that is not a Git repository's");
        }
        return URI.create(text.substring(0, text.length() - infoRefs(service).length()));
    }

    private static String infoRefs(Service service) {
        return "/info/refs?service=" + service.command();
    }

    private static WireException refused(String where) {
        return new WireException(WireException.Kind.FINAL, "the server redirects " + where);
    }
}
