package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.io.Serializable;

public abstract class ParameterDefinition implements ExtensionPoint, Serializable {

    private static final long serialVersionUID = 1L;

    private final String name;
    private String description;

    protected ParameterDefinition(@NonNull String name) {
        this.name = name;
    }

    @CheckForNull
    public String getDescription() {
        return description;
    }

    public void setDescription(@CheckForNull String description) {
        this.description = description;
    }

    @NonNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public ParameterValue getDefaultParameterValue() {
        return null;
    }
}
