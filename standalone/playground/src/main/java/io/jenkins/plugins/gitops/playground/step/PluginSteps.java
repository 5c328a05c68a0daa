package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.Map;
import java.util.TreeMap;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** The plugin's own steps, found by the extension index that Jenkins reads. */
public final class PluginSteps implements StepLibrary {

    private final Map<String, Function> steps = new TreeMap<>();

    /** @param run whom the steps are told to belong to */
    public PluginSteps(@NonNull Run<?, ?> run) {
        for (StepDescriptor descriptor : StandIn.current().extensions(StepDescriptor.class)) {
            steps.put(descriptor.getFunctionName(), new PluginStep(descriptor, run));
        }
    }

    /** Registers every extension of the plugin with the stand-in for Jenkins. */
    public static void registerExtensions(@NonNull StandIn jenkins) throws InstantiationException {
        for (IndexItem<Extension, Object> extension :
                Index.load(Extension.class, Object.class, PluginSteps.class.getClassLoader())) {
            jenkins.withExtension(extension.instance());
        }
    }

    @Override
    @NonNull
    public Map<String, Function> steps() {
        return steps;
    }
}
