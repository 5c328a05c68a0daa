package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.model.BranchName;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** What forms check and offer alike. */
public final class Forms {

    /** How long a person at a form waits for a server. */
    static final Duration WAIT = Duration.ofSeconds(5);

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

    /** The entries of a text that has one on each line. */
    public static List<String> lines(@CheckForNull String text) {
        return Util.fixNull(text)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Whether somebody may see what the item's forms offer, or Jenkins' own where there is no item. */
    public static boolean mayConfigure(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(Item.CONFIGURE);
    }

    static FormValidation name(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name == null) {
            return FormValidation.error(Messages.Forms_nameMissing());
        }
        return NAME.matcher(name).matches() ? FormValidation.ok() : FormValidation.error(Messages.Forms_nameInvalid());
    }

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

    /** A branch, or nothing. */
    public static FormValidation branch(@CheckForNull String value) {
        return Optional.ofNullable(Util.fixEmptyAndTrim(value))
                .flatMap(BranchName::problem)
                .map(problem -> FormValidation.error(problem + "."))
                .orElseGet(FormValidation::ok);
    }

    static FormValidation serverUrl(@CheckForNull String value) {
        String url = Util.fixEmptyAndTrim(value);
        return url == null
                ? FormValidation.error(Messages.Forms_urlMissing())
                : parse(url, "https://host.acme.example", "https", "http");
    }

    static FormValidation email(@CheckForNull String value) {
        String email = Util.fixEmptyAndTrim(value);
        return email == null || EMAIL.matcher(email).matches()
                ? FormValidation.ok()
                : FormValidation.error(Messages.Forms_emailInvalid());
    }

    /** The ARN of an IAM role, or nothing. */
    static FormValidation role(@CheckForNull String value) {
        String role = Util.fixEmptyAndTrim(value);
        return role == null || ROLE.matcher(role).matches()
                ? FormValidation.ok()
                : FormValidation.error(Messages.Forms_roleInvalid());
    }

    /** Certificates in PEM, or nothing: read as connecting would. One that is expired or not valid yet is a warning. */
    static FormValidation certificates(@CheckForNull String value) {
        String pem = Util.fixEmptyAndTrim(value);
        if (pem == null) {
            return FormValidation.ok();
        }
        try {
            for (X509Certificate certificate : Authorities.certificates(pem)) {
                certificate.checkValidity();
            }
            return FormValidation.ok();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return FormValidation.warning(Messages.Forms_certificateNotValid(e.getMessage()));
        } catch (CertificateException e) {
            return FormValidation.error(Messages.Forms_certificatesUnreadable());
        }
    }

    /** Config repositories' credentials that the item may use; to whoever may not configure it, only the current ones. */
    public static ListBoxModel repositoryCredentials(@CheckForNull Item item, @CheckForNull String current) {
        return RepositoryCredentials.choices(item, current, null);
    }

    /**
     * What a conversation with a server gives, which is interrupted when the time is up. Forms have threads of their own, so
     * that they answer also while steps that wait for a server keep all others.
     *
     * @throws ExecutionException around what the work threw
     * @throws TimeoutException if it took too long, or too many forms wait already
     */
    static <T> T within(Duration limit, Callable<T> work) throws ExecutionException, TimeoutException {
        Future<T> answer;
        try {
            answer = GitOpsServices.get().formWorkers().submit(work);
        } catch (RejectedExecutionException e) {
            throw (TimeoutException) new TimeoutException("too many forms wait for a server").initCause(e);
        }
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (TimeoutException) new TimeoutException("the form is no longer waited for").initCause(e);
        } finally {
            answer.cancel(true);
        }
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
