package org.jenkinsci.plugins.pipeline.modeldefinition.when;

import org.jenkinsci.plugins.pipeline.modeldefinition.withscript.WithScriptScript;
import org.jenkinsci.plugins.workflow.cps.CpsScript;

public abstract class DeclarativeStageConditionalScript<S extends DeclarativeStageConditional<S>>
        extends WithScriptScript<S> {

    private static final long serialVersionUID = 1L;

    public DeclarativeStageConditionalScript(CpsScript s, S c) {
        super(s, c);
    }

    public abstract boolean evaluate();
}
