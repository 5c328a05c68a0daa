package io.jenkins.plugins.gitops.playground.step;

import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns an argument of a Jenkinsfile into what a step's parameter takes, as strictly as Jenkins. */
final class Coercion {

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class, Integer.class, long.class, Long.class, boolean.class, Boolean.class, double.class, Double.class);

    private Coercion() {}

    static Object coerce(Type type, Object value, StepCall call) {
        Class<?> raw = raw(type);
        if (value == null) {
            return raw == boolean.class ? Boolean.FALSE : null;
        }
        if (raw.isEnum() && value instanceof String text) {
            return constant(raw, text, call);
        }
        if (Collection.class.isAssignableFrom(raw) && value instanceof Collection<?> list) {
            Type element = type instanceof ParameterizedType parameterized
                    ? parameterized.getActualTypeArguments()[0]
                    : Object.class;
            List<Object> coerced =
                    list.stream().map(item -> coerce(element, item, call)).toList();
            return raw == Set.class ? Set.copyOf(coerced) : coerced;
        }
        if (BOXES.getOrDefault(raw, raw).isInstance(value)) {
            return value;
        }
        throw call.refusal("got " + value + " (" + value.getClass().getSimpleName() + ") where a " + raw.getSimpleName()
                + " is wanted.");
    }

    private static Object constant(Class<?> type, String text, StepCall call) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(text))
                .findFirst()
                .orElseThrow(() -> call.refusal(
                        "has no '" + text + "': one of " + Arrays.toString(type.getEnumConstants()) + " is wanted."));
    }

    private static Class<?> raw(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        return type instanceof Class<?> plain ? plain : Object.class;
    }
}
