package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a server's {@code git-upload-pack} can be asked.
 *
 * @param version protocol 0 or 2
 * @param partial whether single objects can be fetched: a filter leaves the rest out and any id may be wanted, which
 *     Git's own server allows with version 2 only
 * @param shallow whether history can be cut at a depth
 */
public record ServerCapabilities(int version, Partial partial, Shallow shallow) {

    // gitprotocol-v2, "Capability Advertisement"; gitprotocol-pack, "Reference Discovery"
    private static final Pattern VERSION_2 = Pattern.compile("\\A(?:.{4}# service=[^\\n]*\\n0000)?.{4}version 2\\b");
    private static final Pattern FETCH = Pattern.compile("fetch=([^\\n]*)");
    private static final Pattern VERSION_0 = Pattern.compile("\\x00([^\\n]*)");
    private static final Pattern FORMAT = Pattern.compile("object-format=([\\w-]+)");

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

    /**
     * Of an advertisement.
     *
     * @throws WireException if the repository is not one of SHA-1
     */
    @NonNull
    static ServerCapabilities of(@NonNull Channel.Greeting greeting) throws WireException {
        String text = greeting.text();
        boolean two = isVersion2(text);
        requireSha1(text);
        List<String> capabilities = words(two ? FETCH : VERSION_0, text);
        return new ServerCapabilities(
                two ? 2 : 0,
                two && capabilities.contains("filter") ? Partial.YES : Partial.NO,
                capabilities.contains("shallow") ? Shallow.YES : Shallow.NO);
    }

    /** Whether an advertisement begins protocol 2, which lists no refs and is the same every time. */
    static boolean isVersion2(@NonNull String advertisement) {
        return VERSION_2.matcher(advertisement).find();
    }

    /** Only SHA-1 repositories are read and written. */
    static void requireSha1(@NonNull String advertisement) throws WireException {
        Matcher format = FORMAT.matcher(advertisement);
        if (format.find() && !format.group(1).equals("sha1")) {
            throw new WireException(
                    WireException.Kind.FINAL,
                    "the repository's object format is " + format.group(1) + " and only sha1 is supported");
        }
    }

    private static List<String> words(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Arrays.asList(found.group(1).strip().split(" ")) : List.of();
    }

    /** The same server, once it refused to hand out single objects. */
    @NonNull
    public ServerCapabilities withoutPartial() {
        return new ServerCapabilities(version, Partial.NO, shallow);
    }
}
