package io.jenkins.plugins.gitops.playground.jenkinsfile;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;

/** What a Declarative block's closure is delegated to: its methods are the sections that may stand in the block. */
abstract class Section extends GroovyObjectSupport {

    /** Runs the block, so that it describes itself to this section. */
    final void readFrom(Closure<?> block) {
        block.setDelegate(this);
        block.setResolveStrategy(Closure.DELEGATE_FIRST);
        block.call();
    }
}
