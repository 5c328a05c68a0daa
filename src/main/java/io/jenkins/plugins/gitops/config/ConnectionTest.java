package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.repository.Remote;
import io.jenkins.plugins.gitops.engine.repository.Snapshot;
import java.util.function.Supplier;

/** What the test buttons of the forms do: they try what is filled in, saved or not, and say what was found. */
final class ConnectionTest {

    private ConnectionTest() {}

    @NonNull
    static FormValidation of(@NonNull ConfiguredRepository tried, @NonNull CredentialLookup lookup) {
        return answer(() -> {
            Remote remote = new Remote(
                    tried.getUrl(),
                    RepositoryCredentials.login(
                            tried.getUrl(), tried.getCredentialsId(), tried.getKnownHosts(), lookup));
            Snapshot tip = Engines.get().repository(remote).tip(tried.getBranch(), Progress.SILENT);
            String commit = Declarations.shorten(tip.commit());
            return tip.file(Declaration.FILE).isEmpty()
                    ? FormValidation.warning(Messages.ConnectionTest_noDeclaration(tried.getBranch(), commit))
                    : FormValidation.ok(Messages.ConnectionTest_repository(
                            tried.getBranch(),
                            commit,
                            String.join(
                                    ", ", Declarations.read(tip).applications().keySet())));
        });
    }

    @NonNull
    static FormValidation of(@NonNull ArgoCdConnection tried, @CheckForNull Item place) {
        return answer(() -> {
            try (ArgoCd argoCd = new ArgoCdOpening(tried, place).open()) {
                int found = argoCd.list(argoCd.namespace()).applications().size();
                return found == 0
                        ? FormValidation.warning(Messages.ConnectionTest_noApplications(argoCd.namespace()))
                        : FormValidation.ok(Messages.ConnectionTest_applications(found, argoCd.namespace()));
            }
        });
    }

    private static FormValidation answer(Supplier<FormValidation> test) {
        try {
            return test.get();
        } catch (GitOpsException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
