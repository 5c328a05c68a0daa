package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.SerializableScript;
import java.io.IOException;

public abstract class CpsScript extends SerializableScript {

    private static final long serialVersionUID = 1L;

    public CpsScript() throws IOException {}
}
