package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** What forms of this package check alike. */
final class Forms {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern SCP_LIKE = Pattern.compile("[^/@:\\s]+@[^/@:\\s]+:[^\\s]+");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s<>]+@[^@\\s<>]+");

    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

    private Forms() {}

    /**
     * Whoever may not configure the item, or Jenkins itself where there is none, gets no answer.
     *
     * @throws RuntimeException access denied
     */
    static void checkMayConfigure(@CheckForNull Item item) {
        if (item == null) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        } else {
            item.checkPermission(Item.CONFIGURE);
        }
    }

    static boolean mayConfigure(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(Item.CONFIGURE);
    }

    @NonNull
    static FormValidation name(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name == null) {
            return FormValidation.error(Messages.Forms_nameMissing());
        }
        return NAME.matcher(name).matches() ? FormValidation.ok() : FormValidation.error(Messages.Forms_nameInvalid());
    }

    @NonNull
    static FormValidation repositoryUrl(@CheckForNull String value) {
        String url = Util.fixEmptyAndTrim(value);
        if (url == null) {
            return FormValidation.error(Messages.Forms_urlMissing());
        }
        if (SCP_LIKE.matcher(url).matches()) {
            return FormValidation.ok();
        }
        return parse(url, "https://github.com/acme/config.git", "https", "http", "ssh");
    }

    @NonNull
    static FormValidation serverUrl(@CheckForNull String value) {
        String url = Util.fixEmptyAndTrim(value);
        return url == null
                ? FormValidation.error(Messages.Forms_urlMissing())
                : parse(url, "https://host.acme.example", "https", "http");
    }

    @NonNull
    static FormValidation email(@CheckForNull String value) {
        String email = Util.fixEmptyAndTrim(value);
        return email == null || EMAIL.matcher(email).matches()
                ? FormValidation.ok()
                : FormValidation.error(Messages.Forms_emailInvalid());
    }

    /** The ARN of an IAM role, or nothing. */
    @NonNull
    static FormValidation role(@CheckForNull String value) {
        String role = Util.fixEmptyAndTrim(value);
        return role == null || ROLE.matcher(role).matches()
                ? FormValidation.ok()
                : FormValidation.error(Messages.Forms_roleInvalid());
    }

    private static FormValidation parse(String url, String example, String... schemes) {
        try {
            URI uri = new URI(url);
            String userInfo = uri.getRawUserInfo();
            if (userInfo != null && userInfo.contains(":")) {
                return FormValidation.error(Messages.Forms_urlPassword());
            }
            if (uri.getHost() == null || uri.getScheme() == null) {
                return FormValidation.error(Messages.Forms_urlInvalid(example));
            }
            for (String scheme : schemes) {
                if (scheme.equalsIgnoreCase(uri.getScheme())) {
                    return scheme.equals("http")
                            ? FormValidation.warning(Messages.Forms_urlNotEncrypted())
                            : FormValidation.ok();
                }
            }
            return FormValidation.error(Messages.Forms_urlScheme(String.join(", ", schemes)));
        } catch (URISyntaxException e) {
            return FormValidation.error(Messages.Forms_urlInvalid(example));
        }
    }
}
