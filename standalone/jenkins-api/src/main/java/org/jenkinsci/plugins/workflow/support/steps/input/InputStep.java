package org.jenkinsci.plugins.workflow.support.steps.input;

import hudson.Extension;
import hudson.model.ParameterDefinition;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

public class InputStep extends Step implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String message;
    private String id;
    private String submitter;
    private String ok;
    private String cancel;
    private transient List<ParameterDefinition> parameters = List.of();

    public InputStep(String message) {
        this.message = message;
    }

    public String getMessage() {
        return message;
    }

    public void setId(String id) {
        getDescriptor();
        this.id = Character.toUpperCase(id.charAt(0)) + id.substring(1);
    }

    public String getId() {
        return id;
    }

    public void setSubmitter(String submitter) {
        this.submitter = submitter;
    }

    public String getSubmitter() {
        return submitter;
    }

    public void setOk(String ok) {
        this.ok = ok;
    }

    public String getOk() {
        return ok;
    }

    public void setCancel(String cancel) {
        this.cancel = cancel;
    }

    public String getCancel() {
        return cancel;
    }

    public void setParameters(List<ParameterDefinition> parameters) {
        this.parameters = parameters;
    }

    public List<ParameterDefinition> getParameters() {
        return parameters;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new InputStepExecution(this, context);
    }

    @Override
    public DescriptorImpl getDescriptor() {
        return (DescriptorImpl) super.getDescriptor();
    }

    @Extension
    public static class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return "input";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
