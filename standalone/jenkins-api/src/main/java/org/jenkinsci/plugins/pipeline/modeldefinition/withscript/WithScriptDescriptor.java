package org.jenkinsci.plugins.pipeline.modeldefinition.withscript;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;

public abstract class WithScriptDescriptor<T extends WithScriptDescribable<T>> extends Descriptor<T> {

    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    protected WithScriptDescriptor() {
        String script = "/" + getScriptClass().replace('.', '/') + ".groovy";
        if (getClass().getResource(script) == null) {
            throw new AssertionError("there is no " + script);
        }
    }

    @NonNull
    public String getScriptClass() {
        return clazz.getName() + "Script";
    }
}
