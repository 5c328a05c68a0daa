package io.jenkins.plugins.gitops.engine.git.transport;

/** How the client names itself. */
final class Agent {

    /** Some servers tell Git clients from browsers by the word before the slash. */
    static final String NAME = "git/gitops-promotion";

    private Agent() {}
}
