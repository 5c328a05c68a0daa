package io.jenkins.plugins.gitops.engine.git.transport;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What to fetch.
 *
 * @param wants ids to receive, with what they reach unless the filter leaves it out
 * @param haves commits at hand; without a depth, one of them must be an ancestor of what is wanted, else the answer is
 *     "unrelated"
 * @param depth how many commits of history to receive from each want; empty for all that the haves do not cover
 * @param filter as {@code git rev-list --filter} knows it, for example {@code blob:none}
 */
public record FetchRequest(List<ObjectId> wants, List<ObjectId> haves, OptionalInt depth, Optional<String> filter) {

    public FetchRequest {
        wants = List.copyOf(wants);
        haves = List.copyOf(haves);
    }

    /** Exactly these objects and nothing they reach. */
    public static FetchRequest objects(Collection<ObjectId> ids) {
        return new FetchRequest(List.copyOf(ids), List.of(), OptionalInt.empty(), Optional.of("tree:0"));
    }

    /** Whether the server must name a common commit before it sends anything. */
    boolean negotiates() {
        return !haves.isEmpty() && depth.isEmpty();
    }
}
