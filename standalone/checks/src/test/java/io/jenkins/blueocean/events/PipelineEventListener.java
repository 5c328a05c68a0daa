package io.jenkins.blueocean.events;

import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Named as Blue Ocean's own, which open pages hear of steps from. */
public final class PipelineEventListener implements GraphListener {

    public final List<FlowNode> heard = new ArrayList<>();

    @Override
    public void onNewHead(FlowNode node) {
        heard.add(node);
    }
}
