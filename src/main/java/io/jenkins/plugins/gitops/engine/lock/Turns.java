package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whose turn it is in the targets of a config repository, as the file that controllers share says. A value.
 *
 * @param turns one for each target at most; those that are over may be among them
 */
public record Turns(@JsonProperty(required = true) List<Turn> turns) {

    public static final Turns NONE = new Turns(List.of());

    /** In {@link RepositoryLocks#REF}, beside the locks: one look at the ref tells both. */
    static final String FILE = "turns.json";

    public Turns {
        turns = List.copyOf(turns);
    }

    /**
     * The turns at the tip of {@link RepositoryLocks#REF}. A file that cannot be read says of nobody that it is their turn,
     * as a deleted one does, and the next turn replaces it: it keeps two controllers from the same work, and what a
     * controller commits rests on the branch alone. Blocking.
     *
     * @param tip throws {@link BranchMissingException} where there is no such ref
     */
    public static Turns read(Supplier<Snapshot> tip) {
        try {
            Optional<byte[]> file = tip.get().file(FILE);
            return file.isPresent() ? SharedFile.read(file.get(), Turns.class) : NONE;
        } catch (BranchMissingException | SharedFile.UnreadableException nobodysTurn) {
            return NONE;
        } catch (RepositoryException e) {
            if (e.getCause() instanceof ObjectTooLargeException) {
                return NONE;
            }
            throw e;
        }
    }

    /** Whose turn it is in a target; empty when it is that gate's own, or nobody's. */
    public Optional<Turn> ofAnother(String gate, String application, String environment, Instant now) {
        return inForce(now)
                .filter(turn -> turn.isOf(application, environment))
                .filter(turn -> !turn.gate().equals(gate))
                .findFirst();
    }

    private Stream<Turn> inForce(Instant now) {
        return turns.stream().filter(turn -> turn.isInForce(now));
    }

    /** Those in force when that one begins, and that one. */
    Turns with(Turn turn) {
        return new Turns(Stream.concat(
                        inForce(turn.at()).filter(other -> !other.isOf(turn.application(), turn.environment())),
                        Stream.of(turn))
                .toList());
    }

    /** Those in force but that gate's. */
    Turns without(String gate, Instant now) {
        return new Turns(inForce(now).filter(turn -> !turn.gate().equals(gate)).toList());
    }

    byte[] write() {
        return SharedFile.write(this, "More promotions are being committed than the file of turns holds: try again.");
    }
}
