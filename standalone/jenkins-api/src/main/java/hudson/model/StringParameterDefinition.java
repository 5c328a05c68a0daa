package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

public class StringParameterDefinition extends SimpleParameterDefinition {

    private static final long serialVersionUID = 1L;

    private final String defaultValue;

    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public StringParameterDefinition(
            @NonNull String name, @CheckForNull String defaultValue, @CheckForNull String description) {
        super(name);
        this.defaultValue = defaultValue;
        setDescription(description);
    }

    @Override
    public StringParameterValue getDefaultParameterValue() {
        return new StringParameterValue(getName(), defaultValue);
    }

    @Override
    public ParameterValue createValue(String value) {
        return new StringParameterValue(getName(), value);
    }
}
