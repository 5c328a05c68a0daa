package org.jenkinsci.plugins.workflow.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Actionable;
import hudson.model.Saveable;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;

public abstract class FlowNode extends Actionable implements Saveable {

    private final FlowExecution exec;
    private final String id;

    protected FlowNode(FlowExecution exec, String id, List<FlowNode> parents) {
        this.exec = exec;
        this.id = id;
    }

    @NonNull
    public FlowExecution getExecution() {
        return exec;
    }

    public String getId() {
        return id;
    }

    public String getUrl() throws IOException {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    @Override
    public String getDisplayName() {
        return getTypeDisplayName();
    }

    protected abstract String getTypeDisplayName();

    @Override
    public void save() throws IOException {}

    @Override
    public boolean equals(Object obj) {
        return obj instanceof FlowNode && ((FlowNode) obj).id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
