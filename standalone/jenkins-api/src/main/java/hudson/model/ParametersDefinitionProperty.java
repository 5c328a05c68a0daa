package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

public class ParametersDefinitionProperty extends JobProperty<Job<?, ?>> {

    private final List<ParameterDefinition> parameterDefinitions;

    public ParametersDefinitionProperty(@NonNull ParameterDefinition... parameterDefinitions) {
        this.parameterDefinitions = List.of(parameterDefinitions);
    }

    public List<ParameterDefinition> getParameterDefinitions() {
        return parameterDefinitions;
    }
}
