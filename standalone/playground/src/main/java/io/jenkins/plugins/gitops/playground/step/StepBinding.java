package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import java.beans.Introspector;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * Makes a step from its arguments the way Jenkins does: mandatory ones go to the constructor that carries
 * {@link DataBoundConstructor}, the others to what carries {@link DataBoundSetter}.
 *
 * @param <T> the step's class
 * @see <a href="https://github.com/jenkinsci/structs-plugin">DescribableModel</a>
 */
final class StepBinding<T> {

    private final Constructor<T> constructor;
    private final Map<String, Setter> setters = new LinkedHashMap<>();

    /** Sets one optional argument. */
    private record Setter(java.lang.reflect.Type type, ThrowingAssignment assignment) {}

    @FunctionalInterface
    private interface ThrowingAssignment {
        void assign(Object step, Object value) throws ReflectiveOperationException;
    }

    StepBinding(Class<T> type) {
        constructor = dataBoundConstructor(type);
        for (Class<?> owner = type; owner != Object.class; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.isAnnotationPresent(DataBoundSetter.class)) {
                    method.setAccessible(true);
                    setters.putIfAbsent(
                            Introspector.decapitalize(method.getName().substring("set".length())),
                            new Setter(method.getGenericParameterTypes()[0], method::invoke));
                }
            }
            for (Field field : owner.getDeclaredFields()) {
                if (field.isAnnotationPresent(DataBoundSetter.class)) {
                    field.setAccessible(true);
                    setters.putIfAbsent(field.getName(), new Setter(field.getGenericType(), field::set));
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Constructor<T> dataBoundConstructor(Class<T> type) {
        Constructor<?> found = Arrays.stream(type.getDeclaredConstructors())
                .filter(candidate -> candidate.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type + " has no @DataBoundConstructor"));
        return (Constructor<T>) found;
    }

    /** @throws io.jenkins.plugins.gitops.playground.jenkinsfile.JenkinsfileException naming the argument */
    @NonNull
    T bind(@NonNull StepCall call) throws ReflectiveOperationException {
        Map<String, Object> arguments = named(call);
        Object[] mandatory = Arrays.stream(constructor.getParameters())
                .map(parameter ->
                        Coercion.coerce(parameter.getParameterizedType(), arguments.remove(parameter.getName()), call))
                .toArray();
        T step = constructor.newInstance(mandatory);
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            Setter setter = setters.get(argument.getKey());
            if (setter == null) {
                throw unknown(argument.getKey(), call);
            }
            setter.assignment().assign(step, Coercion.coerce(setter.type(), argument.getValue(), call));
        }
        return step;
    }

    private Map<String, Object> named(StepCall call) {
        Map<String, Object> arguments = new LinkedHashMap<>(call.named());
        List<Parameter> parameters = List.of(constructor.getParameters());
        if (!call.positional().isEmpty()) {
            if (parameters.size() != 1 || call.positional().size() != 1) {
                throw call.refusal("needs named arguments: write " + call.name() + "(name: value).");
            }
            arguments.put(parameters.get(0).getName(), call.positional().get(0));
        }
        return arguments;
    }

    private RuntimeException unknown(String name, StepCall call) {
        Set<String> known = new TreeSet<>(setters.keySet());
        Arrays.stream(constructor.getParameters()).map(Parameter::getName).forEach(known::add);
        Optional<String> near = UnknownNameException.nearest(name, known);
        return call.refusal("has no parameter '" + name + "': "
                + near.map(candidate -> "did you mean '" + candidate + "'?")
                        .orElse("it has " + String.join(", ", known) + "."));
    }
}
