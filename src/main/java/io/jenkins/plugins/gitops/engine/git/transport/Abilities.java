package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * How a server's {@code git-upload-pack} can be asked.
 *
 * @param version protocol 0 or 2
 * @param partial whether single objects can be fetched: a filter leaves the rest out and any id may be wanted, which
 *     Git's own server allows with version 2 only
 * @param shallow whether history can be cut at a depth
 */
public record Abilities(int version, Partial partial, Shallow shallow) {

    /** Whether parts of a tree can be fetched. */
    public enum Partial {
        YES,
        NO
    }

    /** Whether parts of a history can be fetched. */
    public enum Shallow {
        YES,
        NO
    }

    @NonNull
    static Abilities of(@NonNull Advertisement advertisement) {
        Capabilities capabilities = advertisement.capabilities();
        if (advertisement.version() == 2) {
            return new Abilities(
                    2,
                    capabilities.has("fetch", "filter") ? Partial.YES : Partial.NO,
                    capabilities.has("fetch", "shallow") ? Shallow.YES : Shallow.NO);
        }
        return new Abilities(0, Partial.NO, capabilities.has("shallow") ? Shallow.YES : Shallow.NO);
    }

    /** The same server, once it refused to hand out single objects. */
    @NonNull
    public Abilities withoutPartial() {
        return new Abilities(version, Partial.NO, shallow);
    }
}
