package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step whose parameters, where they are wrong, end it with one sentence and no stack trace. Setters pass what Groovy
 * gave them through {@link #given}: any value may be null, because the variable that it comes from is not set, the text
 * {@code null}, for the same reason in a GString, or end with the line break of a command's output.
 */
public abstract class GitOpsStep extends Step implements Serializable {

    private static final long serialVersionUID = 2L;

    private final String function;

    /** By parameter, why the step does not start with what was given. */
    private final TreeMap<String, String> refusals = new TreeMap<>();

    /** @param function how Pipelines call it */
    protected GitOpsStep(String function) {
        this.function = function;
    }

    @Override
    public final StepExecution start(StepContext context) throws Exception {
        try {
            if (!refusals.isEmpty()) {
                throw refusal(refusals.firstEntry().getValue());
            }
            return execution(context);
        } catch (GitOpsException mistake) {
            AbortException sentence = new AbortException(mistake.getMessage());
            sentence.initCause(mistake);
            throw sentence;
        }
    }

    /**
     * What runs the step.
     *
     * @throws GitOpsException if a parameter is missing or wrong
     */
    protected abstract StepExecution execution(StepContext context) throws Exception;

    /** @param clause follows the step's name, for example {@code requires 'application'.} */
    protected final StepParameterException refusal(String clause) {
        return new StepParameterException(function + " " + clause);
    }

    /** Versions of images and of whatever else moves with them, in one map. */
    protected final Map<String, String> together(Map<String, String> images, Map<String, String> versions) {
        Map<String, String> all = new LinkedHashMap<>(images);
        versions.forEach((name, version) -> {
            if (all.putIfAbsent(name, version) != null) {
                throw refusal("accepts '" + name + "' either in 'images' or in 'versions', not in both.");
            }
        });
        return all;
    }

    /** The text without the space around it; null where there is none. */
    @CheckForNull
    protected final String given(String parameter, @CheckForNull String value) {
        String text = value == null ? "" : value.strip();
        refusals.remove(parameter);
        if (text.equals("null")) {
            refusals.put(parameter, "has no value: '" + parameter + "' gives null (is the variable set?).");
        }
        return text.isEmpty() ? null : text;
    }

    /** A keyword, to keep for a form: null where it is the usual one. */
    @CheckForNull
    protected final String given(String parameter, @CheckForNull String value, Enum<?> usual) {
        String text = given(parameter, value);
        return Parameters.keyword(usual).equals(text) ? null : text;
    }

    /** Every entry as such a text. */
    protected final ArrayList<String> given(String parameter, @CheckForNull List<?> values) {
        ArrayList<String> texts = new ArrayList<>();
        refusals.remove(parameter);
        for (Object value : values == null ? List.of() : values) {
            String text = text(value);
            if (isUnset(text)) {
                refusals.put(parameter, "has an empty entry in '" + parameter + "': check that the variable is set.");
            } else if (value instanceof Collection || value instanceof Map) {
                refusals.put(parameter, "has a list or map in '" + parameter + "', where each entry must be a string.");
            }
            texts.add(text);
        }
        return texts;
    }

    /**
     * Likewise by name, of an image in {@code images}; a value may be of any type whose text is meant.
     *
     * @param what a value is, for example {@code version}
     */
    protected final LinkedHashMap<String, String> given(String parameter, String what, @CheckForNull Map<?, ?> values) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        String of = parameter.equals("images") ? "the image " : "";
        refusals.remove(parameter);
        (values == null ? Map.of() : values).forEach((key, value) -> {
            String name = text(key);
            String text = text(value);
            if (isUnset(name)) {
                refusals.put(
                        parameter, "has no name for " + of + "'" + text + "': '" + parameter + "' is a map of names.");
            } else if (isUnset(text)) {
                refusals.put(
                        parameter,
                        "has no " + what + " for " + of + "'" + name + "': '" + parameter + "' gives "
                                + (text.isEmpty() ? "an empty string" : "null") + " (is the variable set?).");
            } else if (value instanceof Collection || value instanceof Map) {
                refusals.put(
                        parameter,
                        "has a list or map for " + of + "'" + name + "' in '" + parameter + "', where its " + what
                                + " must be a string.");
            }
            texts.put(name, text);
        });
        return texts;
    }

    private static String text(@CheckForNull Object value) {
        return String.valueOf(value).strip();
    }

    /** Groovy writes a variable that is not set as {@code null} into a text: {@code "${env.TAG}"}. */
    private static boolean isUnset(String text) {
        return text.isEmpty() || text.equals("null");
    }
}
