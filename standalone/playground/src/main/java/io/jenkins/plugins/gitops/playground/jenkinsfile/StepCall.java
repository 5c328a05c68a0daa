package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import groovy.lang.GString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as a Jenkinsfile calls it.
 *
 * @param positional arguments without a name; Jenkins allows one at most, except for {@code stage}
 * @param named arguments with a name, in order
 * @param block what stands in braces after the arguments
 * @param line where the call stands, counted from 1
 */
public record StepCall(
        @NonNull String name,
        @NonNull List<Object> positional,
        @NonNull Map<String, Object> named,
        @NonNull Optional<Closure<?>> block,
        int line) {

    static StepCall of(String name, Object[] arguments, int line) {
        List<Object> positional = new ArrayList<>();
        Map<String, Object> named = new LinkedHashMap<>();
        Closure<?> block = null;
        for (Object argument : arguments) {
            if (argument instanceof Closure<?> closure) {
                block = closure;
            } else if (argument instanceof Map<?, ?> map && positional.isEmpty() && named.isEmpty()) {
                map.forEach((key, value) -> named.put(String.valueOf(key), plain(value)));
            } else {
                positional.add(plain(argument));
            }
        }
        return new StepCall(name, positional, named, Optional.ofNullable(block), line);
    }

    /** Interpolated strings become strings, also inside lists and maps. */
    private static Object plain(Object value) {
        if (value instanceof GString text) {
            return text.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(StepCall::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, inner) -> plain.put(String.valueOf(key), plain(inner)));
            return plain;
        }
        return value;
    }

    /** The argument of that name, or the only argument without a name. */
    @NonNull
    public Optional<Object> argument(@NonNull String parameter) {
        return Optional.ofNullable(
                named.containsKey(parameter) || positional.isEmpty() ? named.get(parameter) : positional.get(0));
    }

    /** @throws JenkinsfileException if the argument is missing */
    @NonNull
    public String text(@NonNull String parameter) {
        return argument(parameter)
                .map(String::valueOf)
                .orElseThrow(() -> refusal("needs '" + parameter + "': write " + name + "(" + parameter + ": …)."));
    }

    /** Whether the argument is true; one that is missing is not. */
    public boolean flag(@NonNull String parameter) {
        return Boolean.TRUE.equals(named.get(parameter));
    }

    /** @throws JenkinsfileException if the step has no block in braces */
    @NonNull
    public Closure<?> requireBlock() {
        return block.orElseThrow(() -> refusal("needs a block in braces."));
    }

    @NonNull
    public JenkinsfileException refusal(@NonNull String reason) {
        return new JenkinsfileException(line, "the step '" + name + "' " + reason);
    }
}
