package org.jenkinsci.plugins.workflow.graph;

import hudson.model.Actionable;
import hudson.model.Saveable;
import java.io.IOException;

public abstract class FlowNode extends Actionable implements Saveable {

    public String getId() {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    public String getUrl() throws IOException {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException("only in Jenkins");
    }

    @Override
    public void save() throws IOException {}
}
