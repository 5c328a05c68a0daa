package io.jenkins.plugins.gitops.steps.changes;

import hudson.AbortException;
import hudson.Extension;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.changes.ChangeKind;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.steps.Messages;
import java.util.Collection;
import java.util.Map;
import org.codehaus.groovy.ast.expr.Expression;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTWhenContent;
import org.jenkinsci.plugins.pipeline.modeldefinition.parser.ASTParserUtils;
import org.jenkinsci.plugins.pipeline.modeldefinition.when.DeclarativeStageConditional;
import org.jenkinsci.plugins.pipeline.modeldefinition.when.DeclarativeStageConditionalDescriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code when { gitopsChange 'infrastructure' }}: whether the run's changes have this kind. Jenkins evaluates it with
 * {@code ChangeConditionScript.groovy}, which calls {@code gitopsChanges} as the stage itself would. The class is loaded
 * only where Declarative Pipelines are installed.
 */
public class ChangeCondition extends DeclarativeStageConditional<ChangeCondition> {

    private static final long serialVersionUID = 1L;

    private final String kind;

    @DataBoundConstructor
    public ChangeCondition(String kind) {
        this.kind = kind;
    }

    public String getKind() {
        return kind;
    }

    /**
     * Called by the script.
     *
     * @param changes what {@code gitopsChanges} returned
     * @throws AbortException if there is no such kind
     */
    public boolean holds(Map<?, ?> changes) throws AbortException {
        try {
            return ((Collection<?>) changes.get("kinds"))
                    .contains(ChangeKind.of(kind).toString());
        } catch (UnknownNameException mistake) {
            throw new AbortException(mistake.getMessage());
        }
    }

    /** How Declarative Pipelines call it. */
    @Extension(optional = true)
    @Symbol("gitopsChange")
    @SuppressWarnings("deprecation") // the alternative would need one more plugin
    public static class DescriptorImpl extends DeclarativeStageConditionalDescriptor<ChangeCondition> {

        @Override
        public String getDisplayName() {
            return Messages.ChangeCondition_displayName();
        }

        @Override
        public Expression transformToRuntimeAST(ModelASTWhenContent original) {
            return ASTParserUtils.transformWhenContentToRuntimeAST(original);
        }

        @POST
        public ListBoxModel doFillKindItems() {
            ListBoxModel items = new ListBoxModel();
            ChangeKind.names().forEach(items::add);
            return items;
        }
    }
}
