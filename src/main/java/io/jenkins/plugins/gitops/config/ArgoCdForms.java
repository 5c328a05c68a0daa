package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Authorities;

/** What the form of an Argo CD connection checks. */
final class ArgoCdForms {

    private ArgoCdForms() {}

    /** Reads certificates as connecting would. */
    @NonNull
    static FormValidation certificates(@CheckForNull String value) {
        String pem = Util.fixEmptyAndTrim(value);
        if (pem == null) {
            return FormValidation.ok();
        }
        try {
            Authorities.trusting(pem);
            return FormValidation.ok();
        } catch (ArgoCdException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** An EKS cluster's tokens are made by its region. */
    @NonNull
    static FormValidation region(@CheckForNull String value, @CheckForNull String cluster) {
        return Util.fixEmptyAndTrim(cluster) != null && Util.fixEmptyAndTrim(value) == null
                ? FormValidation.error(Messages.ArgoCdForms_regionMissing())
                : FormValidation.ok();
    }
}
