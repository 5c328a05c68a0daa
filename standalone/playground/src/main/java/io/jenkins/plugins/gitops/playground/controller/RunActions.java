package io.jenkins.plugins.gitops.playground.controller;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.playground.run.People;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.access.AccessDeniedException;

/**
 * The endpoints that the plugin adds to runs, called as Stapler calls them: {@code /job/name/number/action/v1/verb} is the
 * method {@code doVerb} of what {@code getV1} of the action with that URL name returns.
 */
public final class RunActions {

    /** The version of the plugin's JSON API, as addresses have it. */
    public static final String API = "v1";

    /**
     * A request to an endpoint.
     *
     * @param run whose action it is; null for an action of a job or of Jenkins
     * @param action URL name of the action
     * @param verb the endpoint's name
     * @param user who asks
     * @param headers of the request
     */
    public record Call(
            @CheckForNull PlaygroundRun run,
            @NonNull String action,
            @NonNull String verb,
            @NonNull Kind kind,
            @NonNull String user,
            @NonNull Map<String, String> parameters,
            @NonNull Function<String, Optional<String>> headers) {

        /** Without headers. */
        public Call(
                @CheckForNull PlaygroundRun run,
                @NonNull String action,
                @NonNull String verb,
                @NonNull Kind kind,
                @NonNull String user,
                @NonNull Map<String, String> parameters) {
            this(run, action, verb, kind, user, parameters, header -> Optional.empty());
        }

        /** How it is asked. */
        public enum Kind {
            GET,
            POST
        }
    }

    /** Asks as that user, with that user's permissions. */
    @NonNull
    public Answer answer(@NonNull Call call) throws Exception {
        Optional<Action> action = call.run().getAllActions().stream()
                .filter(candidate -> call.action().equals(candidate.getUrlName()))
                .map(Action.class::cast)
                .findFirst();
        return action.isPresent()
                ? answer(action.get(), call)
                : Answer.refused(404, call.run().getFullDisplayName() + " has no " + call.action() + ".");
    }

    /** Asks an action of a job or of Jenkins, or a page below it, as {@code call} says, whatever run it names. */
    @NonNull
    public Answer answer(@NonNull Object action, @NonNull Call call) throws Exception {
        Optional<Method> endpoint = endpoint(api(action).getReturnType(), call.verb());
        if (endpoint.isEmpty()) {
            return Answer.refused(404, call.action() + " has no " + call.verb() + ".");
        }
        if (call.kind() == Call.Kind.GET && isWrite(endpoint.get())) {
            return Answer.refused(405, call.verb() + " changes something: send it with POST.");
        }
        return as(call.user(), () -> {
            Object target = action instanceof StaplerProxy proxy ? proxy.getTarget() : action;
            return invoke(api(action).invoke(target), endpoint.get(), call);
        });
    }

    /** Does something as that user, with that user's permissions. */
    @NonNull
    public Answer as(@NonNull String user, @NonNull Callable<Answer> deed) throws Exception {
        People.Member member = People.require(user);
        ACLContext asMember = ACL.as2(StandIn.user(member.id(), member.groups()));
        try {
            return deed.call();
        } finally {
            asMember.close();
        }
    }

    private static Method api(Object action) throws NoSuchMethodException {
        return action.getClass().getMethod("get" + API.toUpperCase(Locale.ROOT));
    }

    private static Optional<Method> endpoint(Class<?> api, String verb) {
        return Arrays.stream(api.getMethods())
                .filter(method -> HttpResponse.class.isAssignableFrom(method.getReturnType())
                        && name(method).filter(verb::equals).isPresent())
                .findFirst();
    }

    /** The verb of an endpoint as Stapler has it: what an annotation says, else what stands behind {@code do}. */
    @NonNull
    public static Optional<String> name(@NonNull Method method) {
        String name = method.getName();
        if (!name.matches("do[A-Z].*")) {
            return Optional.empty();
        }
        WebMethod named = method.getAnnotation(WebMethod.class);
        return Optional.of(
                named == null ? name.substring(2, 3).toLowerCase(Locale.ROOT) + name.substring(3) : named.name()[0]);
    }

    private static boolean isWrite(Method endpoint) {
        return endpoint.isAnnotationPresent(RequirePOST.class) || endpoint.isAnnotationPresent(POST.class);
    }

    private static Answer invoke(Object api, Method endpoint, Call call) throws Exception {
        Object[] arguments = Arrays.stream(endpoint.getParameters())
                .map(parameter -> call.parameters().get(name(parameter)))
                .toArray();
        try {
            return CapturedResponse.of((HttpResponse) endpoint.invoke(api, arguments), call.headers());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof AccessDeniedException denied) {
                return Answer.refused(403, denied.getMessage());
            }
            if (e.getCause() instanceof HttpResponse response) {
                return CapturedResponse.of(response, call.headers());
            }
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    private static String name(Parameter parameter) {
        QueryParameter annotation = parameter.getAnnotation(QueryParameter.class);
        if (annotation == null) {
            throw new IllegalStateException("the playground can only fill in query parameters, not " + parameter);
        }
        return annotation.value().isEmpty() ? parameter.getName() : annotation.value();
    }
}
