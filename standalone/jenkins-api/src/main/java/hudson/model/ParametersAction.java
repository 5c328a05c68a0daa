package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import jenkins.model.RunAction2;

public class ParametersAction implements RunAction2, Queue.QueueAction {

    private final List<ParameterValue> parameters;

    public ParametersAction(@NonNull List<ParameterValue> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    public List<ParameterValue> getParameters() {
        return parameters;
    }

    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return false;
    }

    @Override
    public String getDisplayName() {
        return "Parameters";
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "parameters";
    }

    @Override
    public void onAttached(Run<?, ?> r) {}

    @Override
    public void onLoad(Run<?, ?> r) {}
}
