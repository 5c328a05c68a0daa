package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

public class StringParameterDefinition extends ParameterDefinition {

    private static final long serialVersionUID = 1L;

    public StringParameterDefinition(
            @NonNull String name, @CheckForNull String defaultValue, @CheckForNull String description) {
        super(name);
    }
}
