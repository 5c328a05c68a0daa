package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.forge.BranchProtection;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.verification.PrometheusApi.Reading;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** What the test buttons of the forms do: they try what is filled in, saved or not, and say what was found. */
final class ConnectionTest {

    /** As long as any form waits. */
    static final ConnectionTest USUAL = new ConnectionTest(Forms.WAIT);

    private static final Pattern SCP_LIKE = Pattern.compile("[^/@:\\s]+@(?<host>[^/@:\\s]+):[^\\s]+");

    /** So many times as long as one server may take. */
    private static final int ALL = 6;

    /** So many times as long the first conversation with Argo CD may take, for which a busy controller loads its client. */
    private static final int FIRST = 4;

    private final Duration limit;
    private volatile boolean hasAskedArgoCd;

    ConnectionTest(Duration limit) {
        this.limit = limit;
    }

    /** @param place the item whose form it is; null for one of Jenkins itself */
    FormValidation of(ConfiguredRepository tried, @CheckForNull Item place) {
        if (tried.getCredentialsId() != null && !CredentialChoices.mayUse(place)) {
            return FormValidation.error(Messages.ConnectionTest_mayNotUse());
        }
        boolean isAdministrator = Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        return answer(tried.getUrl(), () -> {
            if (!isAdministrator) {
                requireAllowed(tried.getUrl());
            }
            RepositoryConnector.requireBranch(tried.getBranch());
            Remote remote = tried.remote(CredentialLookup.in(place));
            Snapshot tip = GitOpsServices.get().repository(remote).tip(tried.getBranch(), Progress.SILENT);
            String commit = CommitInfo.abbreviate(tip.commit());
            List<String> missing = missing(tried, place, remote.login(), isAdministrator);
            Optional<Declaration> declaration = Declarations.find(tip, tried.getBranch());
            String found = declaration
                    .map(Declaration::applications)
                    .map(applications -> Messages.ConnectionTest_repository(
                            tried.getBranch(), commit, String.join(", ", applications.keySet())))
                    .orElseGet(() -> Messages.ConnectionTest_noDeclaration(tried.getBranch(), commit));
            return declaration.isPresent() && missing.isEmpty()
                    ? FormValidation.ok(found)
                    : FormValidation.warning(
                            found + missing.stream().map(" "::concat).collect(Collectors.joining()));
        });
    }

    /**
     * Every config repository of Jenkins' own configuration, as {@link #of(ConfiguredRepository, Item)} tests one, and
     * whether steps may name others. After some time the rest is left out, and the answer says so.
     *
     * @param onlyConfigured whether they may not
     */
    FormValidation guards(List<ConfiguredRepository> saved, boolean onlyConfigured) {
        long end = System.nanoTime() + limit.multipliedBy(ALL).toNanos();
        Kind worst = onlyConfigured ? Kind.OK : Kind.WARNING;
        StringBuilder html = new StringBuilder(
                onlyConfigured
                        ? ""
                        : FormValidation.warning(Messages.ConnectionTest_otherAddresses())
                                .renderHtml());
        for (ConfiguredRepository one : saved) {
            FormValidation answer = System.nanoTime() < end
                    ? of(one, null)
                    : FormValidation.warning(Messages.ConnectionTest_notReached());
            worst = answer.kind.compareTo(worst) > 0 ? answer.kind : worst;
            html.append("<p>").append(Util.escape(one.getName())).append("</p>").append(answer.renderHtml());
        }
        return saved.isEmpty()
                ? FormValidation.warning(Messages.ConnectionTest_noRepository())
                : FormValidation.respond(worst, html.toString());
    }

    /** What keeps others from writing past the gates and is not there, as far as it can be seen from here. */
    private static List<String> missing(
            ConfiguredRepository tried, @CheckForNull Item place, Optional<Login> login, boolean isAdministrator)
            throws InterruptedException {
        List<String> missing = new ArrayList<>();
        String id = tried.getCredentialsId();
        if (id != null) {
            CredentialLookup lookup = CredentialLookup.in(place);
            CredentialChoices.boundBy(place, lookup.find(id, CredentialLookup.at(tried.getUrl())))
                    .ifPresent(missing::add);
        }
        if (new RepositoryConnector(tried, place).isUnsigned()) {
            missing.add(Messages.ConnectionTest_unsigned());
        }
        List<URI> questions = BranchProtection.questions(tried.getUrl(), tried.getBranch());
        if (isAdministrator
                || questions.stream()
                        .allMatch(address -> GitOpsServices.get()
                                .checkEndpoints()
                                .refusal(address)
                                .isEmpty())) {
            Optional<String> token = login.filter(Login.UserPassword.class::isInstance)
                    .map(user -> ((Login.UserPassword) user).password());
            new BranchProtection(ControllerProxy.CLIENTS)
                    .isProtected(questions, token)
                    .filter(isProtected -> !isProtected)
                    .ifPresent(not -> missing.add(Messages.ConnectionTest_unprotected(tried.getBranch())));
        }
        return missing;
    }

    /** @param place the item whose form it is; null for one of Jenkins itself */
    FormValidation of(ArgoCdConnection tried, @CheckForNull Item place) {
        if (tried.getCredentialsId() != null && !CredentialChoices.mayUse(place)) {
            return FormValidation.error(Messages.ConnectionTest_mayNotUse());
        }
        String url = tried.getUrl();
        String server = url == null ? tried.getName() : url;
        boolean isAdministrator = Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        return answer(server, hasAskedArgoCd ? limit : limit.multipliedBy(FIRST), () -> {
            if (!isAdministrator) {
                // Without an address a kubeconfig names the server, which nobody has checked.
                requireAllowed(Util.fixNull(url));
            }
            hasAskedArgoCd = true;
            try (ArgoCd argoCd = new ArgoCdConnector(tried, place).open()) {
                int found = argoCd.list(argoCd.namespace()).applications().size();
                return found == 0
                        ? FormValidation.warning(Messages.ConnectionTest_noApplications(argoCd.namespace()))
                        : FormValidation.ok(Messages.ConnectionTest_applications(found, argoCd.namespace()));
            }
        });
    }

    /** Of a form of Jenkins itself. */
    FormValidation of(PrometheusConnection tried) {
        return answer(tried.getUrl(), () -> {
            Reading reading =
                    tried.open().query("count(up)").toCompletableFuture().get();
            if (reading instanceof Reading.None none) {
                return FormValidation.error(none.why() + ".");
            } else if (reading instanceof Reading.Refused refused) {
                return FormValidation.error(refused.why() + ".");
            }
            return reading instanceof Reading.Value targets
                    ? FormValidation.ok(Messages.ConnectionTest_targets((long) targets.value()))
                    : FormValidation.warning(Messages.ConnectionTest_noTargets());
        });
    }

    /** Whoever may configure a folder does not thereby reach what only the controller's own machine and network do. */
    private static void requireAllowed(String url) {
        Matcher scpLike = SCP_LIKE.matcher(url);
        URI address = URI.create("https:opaque");
        try {
            address = scpLike.matches() ? URI.create("https://" + scpLike.group("host") + "/") : new URI(url);
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Refused below: another parser may still find a host in it.
        }
        GitOpsServices.get().checkEndpoints().refusal(address).ifPresent(clause -> {
            throw new ConfigurationException(Messages.ConnectionTest_notAllowed(clause));
        });
    }

    private FormValidation answer(String server, Callable<FormValidation> test) {
        return answer(server, limit, test);
    }

    private static FormValidation answer(String server, Duration limit, Callable<FormValidation> test) {
        try {
            return Forms.within(limit, test);
        } catch (TimeoutException e) {
            return FormValidation.error(
                    e.getCause() instanceof RejectedExecutionException
                            ? Messages.ConnectionTest_busy(server)
                            : Messages.ConnectionTest_silent(server, limit.toSeconds()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GitOpsException refusal) {
                return FormValidation.error(refusal.getMessage());
            }
            throw new IllegalStateException("The test of " + server + " failed", e.getCause());
        }
    }
}
