package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.gate.Person;
import java.util.Optional;

/** Knows which user of Jenkins a reviewer is. Safe for any thread. */
@FunctionalInterface
public interface Reviewers {

    /**
     * The user, with the permissions that the user has now; empty where nobody is known, or several could be meant: then the
     * review does not count.
     *
     * @param host of the pull requests' server, in lower case
     */
    Optional<Person> person(String host, Review review);
}
