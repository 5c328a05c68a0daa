package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that works on Argo CD Applications: those of environments in {@code gitops.yaml}, or those that it names itself. */
public abstract class ArgoApplicationsStep extends EnvironmentsStep {

    private static final long serialVersionUID = 1L;

    private ArrayList<String> argoApplications = new ArrayList<>();
    private String selector;
    private String connection;
    private String namespace;

    /** @param function how Pipelines call it */
    protected ArgoApplicationsStep(String function) {
        super(function);
    }

    /** For the form. */
    public String getArgoApplicationsText() {
        return FormText.of(argoApplications);
    }

    /** Argo CD Applications by name, where there is no {@code gitops.yaml}; null when empty. */
    @CheckForNull
    public List<String> getArgoApplications() {
        return argoApplications.isEmpty() ? null : argoApplications;
    }

    @DataBoundSetter
    public void setArgoApplications(@CheckForNull List<String> argoApplications) {
        this.argoApplications = given("argoApplications", argoApplications);
    }

    /** Labels that select Argo CD Applications: {@code team=shop,stage=dev}. */
    @CheckForNull
    public String getSelector() {
        return selector;
    }

    @DataBoundSetter
    public void setSelector(@CheckForNull String selector) {
        this.selector = given("selector", selector);
    }

    /** Name of the Argo CD connection; null for the only one, or what {@code gitops.yaml} says. */
    @CheckForNull
    public String getConnection() {
        return connection;
    }

    @DataBoundSetter
    public void setConnection(@CheckForNull String connection) {
        this.connection = given("connection", connection);
    }

    /** Namespace of the Application resources; null for the connection's own. */
    @CheckForNull
    public String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@CheckForNull String namespace) {
        this.namespace = given("namespace", namespace);
    }

    /** @throws StepParameterException if it names none, or both kinds */
    protected final Subject subject() {
        boolean named = !argoApplications.isEmpty() || selector != null;
        if (named && (getApplication() != null || !environments().isEmpty())) {
            throw refusal(
                    "accepts either 'application' and 'environment', or 'argoApplications' and 'selector', not both.");
        }
        if (named) {
            return new Subject.Named(
                    argoApplications,
                    selector == null ? new TreeMap<>() : Parameters.labels(selector),
                    connection,
                    namespace);
        }
        if (getApplication() == null || environments().isEmpty()) {
            throw refusal(
                    "requires 'application' and 'environment' (or 'environments') as gitops.yaml declares them, or"
                            + " 'argoApplications'.");
        }
        return new Subject.Declared(application(), new ArrayList<>(environments()), connection);
    }
}
