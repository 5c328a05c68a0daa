package org.jenkinsci.plugins.pipeline.modeldefinition.withscript;

import java.io.Serializable;
import org.jenkinsci.plugins.workflow.cps.CpsScript;

public abstract class WithScriptScript<T extends WithScriptDescribable<T>> implements Serializable {

    private static final long serialVersionUID = 1L;

    protected CpsScript script;
    protected T describable;

    public WithScriptScript(CpsScript s, T d) {
        this.script = s;
        this.describable = d;
    }
}
