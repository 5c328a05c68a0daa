package org.jenkinsci.plugins.pipeline.modeldefinition.when;

import hudson.ExtensionPoint;
import org.jenkinsci.plugins.pipeline.modeldefinition.withscript.WithScriptDescribable;

public abstract class DeclarativeStageConditional<S extends DeclarativeStageConditional<S>>
        extends WithScriptDescribable<S> implements ExtensionPoint {

    private static final long serialVersionUID = 1L;
}
