package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that works on one or several environments of an application. */
public abstract class EnvironmentsStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 2L;

    private ArrayList<String> environments = new ArrayList<>();

    /** @param function how Pipelines call it */
    protected EnvironmentsStep(String function) {
        super(function);
    }

    /** The only environment; null when there are none or several. */
    @CheckForNull
    public String getEnvironment() {
        return environments.size() == 1 ? environments.get(0) : null;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        String given = given("environment", environment);
        if (given != null) {
            this.environments = new ArrayList<>(List.of(given));
        }
    }

    /** Several environments; null when there is at most one. */
    @CheckForNull
    public List<String> getEnvironments() {
        return environments.size() > 1 ? environments : null;
    }

    @DataBoundSetter
    public void setEnvironments(@CheckForNull List<String> environments) {
        if (environments != null && !environments.isEmpty()) {
            this.environments = given("environments", environments);
        }
    }

    /** For the form. */
    public String getEnvironmentsText() {
        return FormText.of(environments);
    }

    /** All that were given, in that order, each once. */
    public final List<String> environments() {
        return environments.stream().distinct().toList();
    }
}
