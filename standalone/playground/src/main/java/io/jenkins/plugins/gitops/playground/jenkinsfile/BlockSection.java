package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code pipeline} and {@code stage} have in common. */
abstract class BlockSection extends Section {

    private final List<String> ignored = new ArrayList<>();
    private final Map<String, Closure<?>> post = new LinkedHashMap<>();
    private Closure<?> environment;

    /** {@code agent any}. */
    public final Object getAny() {
        return "any";
    }

    /** {@code agent none}. */
    public final Object getNone() {
        return "none";
    }

    public final void agent(Object where) {
        if (where instanceof Closure) {
            ignored.add("agent { … }: every stage runs on this machine");
        }
    }

    public final void environment(Closure<?> block) {
        environment = block;
    }

    public final void options(Closure<?> block) {
        ignored.add("options { … }");
    }

    public final void tools(Closure<?> block) {
        ignored.add("tools { … }: what is on this machine is used");
    }

    public final void triggers(Closure<?> block) {
        ignored.add("triggers { … }: runs are started by hand here");
    }

    public final void post(Closure<?> block) {
        new PostSection(post).readFrom(block);
    }

    final Optional<Closure<?>> environment() {
        return Optional.ofNullable(environment);
    }

    /** The blocks to run afterwards by condition. */
    final Map<String, Closure<?>> post() {
        return post;
    }

    /** Sections that have no effect here, with the reason, for the log. */
    final List<String> ignored() {
        return ignored;
    }
}
